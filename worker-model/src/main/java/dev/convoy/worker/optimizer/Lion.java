package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The sign of a mean of gradients: every value changes by the rate, up or down. The sign is that of
 * β₁ m + (1 − β₁) g, and m' = β₂ m + (1 − β₂) g is kept. It goes with {@code
 * optimizer.weight-decay}, and wants a rate a third to a tenth of AdamW's.
 */
final class Lion implements Optimizer {
  private static final Option<Double> BETA1 =
      Option.number("beta1", 0.9, Range.closedOpen(0, 1), "share of the mean in the step");

  private static final Option<Double> BETA2 =
      Option.number("beta2", 0.99, Range.closedOpen(0, 1), "decay of the mean");

  static final Component<Optimizer> COMPONENT =
      Component.named("lion", "steps of one size in every value, by the sign of a mean gradient")
          .from("Chen et al., Symbolic Discovery of Optimization Algorithms, 2023")
          .with(BETA1, BETA2)
          .createdBy(Lion::new);

  private final double beta1;
  private final double beta2;

  private Lion(OptionValues options) {
    this.beta1 = options.value(BETA1);
    this.beta2 = options.value(BETA2);
  }

  @Override
  public List<String> arrays() {
    return List.of("mean-gradient");
  }

  @Override
  public OptionalDouble momentum() {
    return OptionalDouble.of(beta1);
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) step.rate();
    float share = (float) step.momentum();
    float decay = (float) beta2;
    return (parameters, gradient, state, count) -> {
      float[] mean = state[0];
      for (int i = 0; i < count; i++) {
        float slope = gradient[i];
        gradient[i] = rate * Math.signum(share * mean[i] + (1 - share) * slope);
        mean[i] = decay * mean[i] + (1 - decay) * slope;
      }
    };
  }
}
