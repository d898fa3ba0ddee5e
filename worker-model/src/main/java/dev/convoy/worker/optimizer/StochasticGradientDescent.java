package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Takes the rate times the gradient, plus, with momentum, a share of the last step. */
final class StochasticGradientDescent implements Optimizer {
  private static final Option<Double> MOMENTUM =
      Option.number("momentum", 0, Range.closedOpen(0, 1), "share of the last step that is kept");

  static final Component<Optimizer> COMPONENT =
      Component.named("sgd", "stochastic gradient descent, plain or with momentum")
          .from("Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, 1964")
          .with(MOMENTUM)
          .createdBy(StochasticGradientDescent::new);

  private final double momentum;

  private StochasticGradientDescent(OptionValues options) {
    this.momentum = options.value(MOMENTUM);
  }

  @Override
  public List<String> arrays() {
    return momentum == 0 ? List.of() : List.of("velocity");
  }

  @Override
  public OptionalDouble momentum() {
    return momentum == 0 ? OptionalDouble.empty() : OptionalDouble.of(momentum);
  }

  @Override
  public Optional<DeviceChange> deviceChange(SegmentStep step) {
    return Optional.of(
        momentum > 0
            ? DeviceChange.of("step_sgd_momentum", (float) step.rate(), (float) step.momentum())
            : DeviceChange.of("step_sgd", (float) step.rate()));
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) step.rate();
    float kept = (float) step.momentum();
    return (parameters, gradient, state, count) -> {
      for (int i = 0; i < count; i++) {
        gradient[i] *= rate;
      }
      if (momentum > 0) {
        float[] velocity = state[0];
        for (int i = 0; i < count; i++) {
          velocity[i] = Math.fma(kept, velocity[i], -gradient[i]);
          gradient[i] = -velocity[i];
        }
      }
    };
  }
}
