package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;

/**
 * What optimizers share that keep running means of the gradient and of its square, and count the
 * steps since these were zero, to correct for that (Kingma and Ba 2015).
 */
abstract class MomentEstimates implements Optimizer {
  static final Option<Double> BETA1 =
      Option.number("beta1", 0.9, Range.closedOpen(0, 1), "decay of the first moment");

  static final Option<Double> BETA2 =
      Option.number("beta2", 0.999, Range.closedOpen(0, 1), "decay of the second moment");

  static final Option<Double> EPSILON =
      Option.number("epsilon", 1e-8, Range.above(0), "keeps the division away from 0");

  final double beta1;
  final double beta2;
  final float epsilon;

  MomentEstimates(OptionValues options) {
    this.beta1 = options.value(BETA1);
    this.beta2 = options.value(BETA2);
    this.epsilon = options.value(EPSILON).floatValue();
  }

  @Override
  public final List<String> arrays() {
    return List.of("first-moment", "second-moment");
  }

  @Override
  public final List<String> scalars() {
    return List.of("steps");
  }

  @Override
  public final void begin(double[] scalars) {
    scalars[0]++;
  }
}
