package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.Optional;

/**
 * Nesterov's accelerated gradient in the form that looks ahead from the new point: v' = m v − r g,
 * and the parameters change by (1 + m) v' − m v.
 */
final class NesterovMomentum extends VelocityRule {
  private static final Option<Double> MOMENTUM =
      Option.number("momentum", 0.9, Range.closedOpen(0, 1), "share of the last step that is kept");

  static final Component<Optimizer> COMPONENT =
      Component.named("nesterov", "momentum whose gradient is that of the point ahead")
          .from(
              "Sutskever et al., On the Importance of Initialization and Momentum in Deep Learning,"
                  + " 2013")
          .with(MOMENTUM)
          .createdBy(NesterovMomentum::new);

  private NesterovMomentum(OptionValues options) {
    super(options.value(MOMENTUM));
  }

  @Override
  public Optional<DeviceChange> deviceChange(SegmentStep step) {
    return Optional.of(
        DeviceChange.of("step_nesterov", (float) step.rate(), (float) step.momentum()));
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) step.rate();
    float kept = (float) step.momentum();
    float ahead = -kept - 1;
    return (parameters, gradient, state, count) -> {
      float[] velocity = state[0];
      for (int i = 0; i < count; i++) {
        float before = velocity[i];
        velocity[i] = Math.fma(kept, before, -(rate * gradient[i]));
        gradient[i] = Math.fma(kept, before, ahead * velocity[i]);
      }
    };
  }
}
