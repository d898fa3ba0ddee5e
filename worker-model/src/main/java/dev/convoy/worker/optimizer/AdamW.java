package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;

/**
 * Adam whose moments are corrected before epsilon is added, to go with {@code
 * optimizer.weight-decay}, which is decoupled for every optimizer: the paper's algorithm 2.
 */
final class AdamW implements Optimizer {
  private static final Option<Double> BETA1 =
      Option.number("beta1", 0.9, Range.closedOpen(0, 1), "decay of the first moment");

  private static final Option<Double> BETA2 =
      Option.number("beta2", 0.999, Range.closedOpen(0, 1), "decay of the second moment");

  private static final Option<Double> EPSILON =
      Option.number("epsilon", 1e-8, Range.above(0), "keeps the division away from 0");

  static final Component<Optimizer> COMPONENT =
      Component.named("adamw", "Adam as it goes with decoupled weight decay")
          .from("Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019")
          .with(BETA1, BETA2, EPSILON)
          .createdBy(AdamW::new);

  private final double beta1;
  private final double beta2;
  private final float epsilon;

  private AdamW(OptionValues options) {
    this.beta1 = options.value(BETA1);
    this.beta2 = options.value(BETA2);
    this.epsilon = options.value(EPSILON).floatValue();
  }

  @Override
  public List<String> arrays() {
    return List.of("first-moment", "second-moment");
  }

  @Override
  public List<String> scalars() {
    return List.of("steps");
  }

  @Override
  public void begin(double[] scalars) {
    scalars[0]++;
  }

  @Override
  public Change change(SegmentStep step) {
    double steps = step.scalars()[0];
    float rate = (float) (step.rate() / (1 - StrictMath.pow(beta1, steps)));
    float root = (float) Math.sqrt(1 - StrictMath.pow(beta2, steps));
    float decay1 = (float) beta1;
    float decay2 = (float) beta2;
    return (parameters, gradient, state, count) -> {
      float[] first = state[0];
      float[] second = state[1];
      for (int i = 0; i < count; i++) {
        float slope = gradient[i];
        first[i] = decay1 * first[i] + (1 - decay1) * slope;
        second[i] = decay2 * second[i] + (1 - decay2) * slope * slope;
        gradient[i] = rate * first[i] / ((float) Math.sqrt(second[i]) / root + epsilon);
      }
    };
  }
}
