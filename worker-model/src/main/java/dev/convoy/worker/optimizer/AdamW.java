package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import java.util.Optional;

/**
 * Adam whose moments are corrected before epsilon is added, to go with {@code
 * optimizer.weight-decay}, which is decoupled for every optimizer: the paper's algorithm 2.
 */
final class AdamW extends MomentEstimates {
  static final Component<Optimizer> COMPONENT =
      Component.named("adamw", "Adam as it goes with decoupled weight decay")
          .from("Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019")
          .with(BETA1, BETA2, EPSILON)
          .createdBy(AdamW::new);

  private AdamW(OptionValues options) {
    super(options);
  }

  @Override
  public Optional<DeviceChange> deviceChange(SegmentStep step) {
    float rate = (float) (step.rate() / firstCorrection(step));
    float root = (float) Math.sqrt(secondCorrection(step));
    return Optional.of(
        DeviceChange.of("step_adamw", rate, (float) step.momentum(), root)
            .with(epsilon, (float) beta2));
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) (step.rate() / firstCorrection(step));
    float root = (float) Math.sqrt(secondCorrection(step));
    float decay1 = (float) step.momentum();
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
