package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;

/**
 * Steps in the units of the parameters: the gradient times the root mean square of past steps over
 * that of past gradients, Δ = g √(u + ε) / √(s' + ε) with s' = ρ s + (1 − ρ) g², and then u' = ρ u
 * + (1 − ρ) Δ². The paper has no learning rate: Δ is taken off as it is, which is a rate of 1. As
 * in PyTorch, a rate scales what is taken off and not what is remembered, and the default of ρ is
 * 0.9.
 */
final class AdaDelta implements Optimizer {
  private static final Option<Double> RHO =
      Option.number("rho", 0.9, Range.closedOpen(0, 1), "share of the running means that is kept");

  private static final Option<Double> EPSILON =
      Option.number("epsilon", 1e-6, Range.above(0), "what the first steps begin with");

  static final Component<Optimizer> COMPONENT =
      Component.named("adadelta", "steps as large as past steps, at a learning rate of 1")
          .from("Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012")
          .with(RHO, EPSILON)
          .createdBy(AdaDelta::new);

  private final float rho;
  private final float epsilon;

  private AdaDelta(OptionValues options) {
    this.rho = options.value(RHO).floatValue();
    this.epsilon = options.value(EPSILON).floatValue();
  }

  @Override
  public List<String> arrays() {
    return List.of("mean-square-gradient", "mean-square-step");
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) step.rate();
    return (parameters, gradient, state, count) -> {
      float[] gradients = state[0];
      float[] steps = state[1];
      for (int i = 0; i < count; i++) {
        float slope = gradient[i];
        gradients[i] = rho * gradients[i] + (1 - rho) * slope * slope;
        float change = slope * (float) Math.sqrt((steps[i] + epsilon) / (gradients[i] + epsilon));
        steps[i] = rho * steps[i] + (1 - rho) * change * change;
        gradient[i] = rate * change;
      }
    };
  }
}
