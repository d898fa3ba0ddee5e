package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import java.util.Optional;

/**
 * Adam in the order of computation at the end of the paper's section 2, where epsilon is added to
 * the root of the uncorrected second moment.
 */
final class Adam extends MomentEstimates {
  static final Component<Optimizer> COMPONENT =
      Component.named("adam", "steps scaled by the gradient's first and second moments")
          .from("Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015")
          .with(BETA1, BETA2, EPSILON)
          .createdBy(Adam::new);

  private Adam(OptionValues options) {
    super(options);
  }

  @Override
  public Optional<DeviceChange> deviceChange(SegmentStep step) {
    float rate = correctedRate(step.rate(), step.momentum(), step.scalars()[0]);
    return Optional.of(
        DeviceChange.of("step_adam", rate, (float) step.momentum(), (float) beta2).with(epsilon));
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = correctedRate(step.rate(), step.momentum(), step.scalars()[0]);
    float decay1 = (float) step.momentum();
    float decay2 = (float) beta2;
    return (parameters, gradient, state, count) -> {
      float[] first = state[0];
      float[] second = state[1];
      for (int i = 0; i < count; i++) {
        float slope = gradient[i];
        first[i] = Math.fma(decay1, first[i], slope * (1 - decay1));
        second[i] = Math.fma(decay2, second[i], slope * slope * (1 - decay2));
        gradient[i] = first[i] * rate / ((float) Math.sqrt(second[i]) + epsilon);
      }
    };
  }

  /**
   * The rate, corrected for moments that began with zeros: in single precision for whole steps, as
   * Deeplearning4j does it, and in double precision for what averaged steps are beyond those. A
   * rate of 0, with which a warm-up begins, stays 0; there it becomes epsilon.
   */
  private float correctedRate(double rate, double beta1, double steps) {
    double whole = Math.floor(steps);
    float scaled = (float) (rate * (correction(beta1, steps) / correction(beta1, whole)));
    float left1 = (float) StrictMath.pow((float) beta1, whole);
    float left2 = (float) StrictMath.pow((float) beta2, whole);
    return (float) (scaled * (float) Math.sqrt(1 - left2) / (1.0 - left1));
  }

  private double correction(double beta1, double steps) {
    return Math.sqrt(1 - StrictMath.pow(beta2, steps)) / (1 - StrictMath.pow(beta1, steps));
  }
}
