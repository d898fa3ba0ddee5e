package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What optimizers share that keep running means of the gradient and of its square, and count the
 * steps since these were zero, to correct for that (Kingma and Ba 2015). Where a schedule changes
 * beta1, the correction is that of the step's beta1, as in PyTorch.
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
  public List<String> arrays() {
    return List.of("first-moment", "second-moment");
  }

  @Override
  public final OptionalDouble momentum() {
    return OptionalDouble.of(beta1);
  }

  /** What the mean of gradients so far is to be divided by. */
  final double firstCorrection(SegmentStep step) {
    return 1 - StrictMath.pow(step.momentum(), step.scalars()[0]);
  }

  /** The same of the mean of their squares. */
  final double secondCorrection(SegmentStep step) {
    return 1 - StrictMath.pow(beta2, step.scalars()[0]);
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
