package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.Optional;

/**
 * The heavy ball: v' = m v + g, and the parameters change by r v'. As PyTorch has it, the rate
 * multiplies the velocity; in the paper, and in {@code sgd} with momentum, it multiplies the
 * gradient. Both are the same as long as the rate does not change; when it falls, steps here are
 * shorter at once.
 */
final class PolyakMomentum extends VelocityRule {
  private static final Option<Double> MOMENTUM =
      Option.number("momentum", 0.9, Range.closedOpen(0, 1), "share of the velocity that is kept");

  static final Component<Optimizer> COMPONENT =
      Component.named("momentum", "steps along a decaying sum of gradients")
          .from("Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, 1964")
          .with(MOMENTUM)
          .createdBy(PolyakMomentum::new);

  private PolyakMomentum(OptionValues options) {
    super(options.value(MOMENTUM));
  }

  @Override
  public Optional<DeviceChange> deviceChange(SegmentStep step) {
    return Optional.of(
        DeviceChange.of("step_momentum", (float) step.rate(), (float) step.momentum()));
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) step.rate();
    float kept = (float) step.momentum();
    return (parameters, gradient, state, count) -> {
      float[] velocity = state[0];
      for (int i = 0; i < count; i++) {
        velocity[i] = kept * velocity[i] + gradient[i];
        gradient[i] = rate * velocity[i];
      }
    };
  }
}
