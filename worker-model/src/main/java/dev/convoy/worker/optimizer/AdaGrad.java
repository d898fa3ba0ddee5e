package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;

/**
 * A rate of its own for every parameter, over the root of the sum of its squared gradients: s' = s
 * + g², and the parameters change by r g / (√s' + ε). The paper calls ε δ; its matrix is the
 * diagonal one.
 */
final class AdaGrad implements Optimizer {
  private static final Option<Double> EPSILON =
      Option.number("epsilon", 1e-10, Range.above(0), "keeps the division away from 0");

  static final Component<Optimizer> COMPONENT =
      Component.named("adagrad", "steps scaled by all of the past's squared gradients")
          .from(
              "Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and"
                  + " Stochastic Optimization, 2011")
          .with(EPSILON)
          .createdBy(AdaGrad::new);

  private final float epsilon;

  private AdaGrad(OptionValues options) {
    this.epsilon = options.value(EPSILON).floatValue();
  }

  @Override
  public List<String> arrays() {
    return List.of("sum-of-squares");
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) step.rate();
    return (parameters, gradient, state, count) -> {
      float[] squares = state[0];
      for (int i = 0; i < count; i++) {
        float slope = gradient[i];
        squares[i] += slope * slope;
        gradient[i] = rate * slope / ((float) Math.sqrt(squares[i]) + epsilon);
      }
    };
  }
}
