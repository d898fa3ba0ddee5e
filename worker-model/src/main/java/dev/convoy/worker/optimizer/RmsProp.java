package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The gradient over the root of a running mean of its square, s' = ρ s + (1 − ρ) g²; centred, over
 * the root of its variance, s' − m'² with the running mean m' of the gradient; with momentum, v' =
 * µ v + g / (√s' + ε). The parameters change by r v'.
 *
 * <p>As in PyTorch, ε is added to the root and the rate multiplies the velocity; Graves adds ε
 * within the root and has the rate in the velocity. Where rounding leaves a variance below 0, which
 * is no number's square in PyTorch, it counts as 0.
 */
final class RmsProp implements Optimizer {
  private static final Option<Double> RHO =
      Option.number("rho", 0.99, Range.closedOpen(0, 1), "share of the running means that is kept");

  private static final Option<Double> MOMENTUM =
      Option.number("momentum", 0, Range.closedOpen(0, 1), "share of the velocity that is kept");

  private static final Option<Boolean> CENTRED =
      Option.flag("centred", false, "divide by the gradient's deviation, not its root mean square");

  private static final Option<Double> EPSILON =
      Option.number("epsilon", 1e-8, Range.above(0), "keeps the division away from 0");

  static final Component<Optimizer> COMPONENT =
      Component.named("rmsprop", "steps scaled by a running mean of the squared gradients")
          .from(
              "Tieleman and Hinton, Lecture 6.5: RMSProp, 2012; centred, with momentum: Graves,"
                  + " Generating Sequences With Recurrent Neural Networks, 2013")
          .with(RHO, MOMENTUM, CENTRED, EPSILON)
          .createdBy(RmsProp::new);

  private final float rho;
  private final double momentum;
  private final boolean centred;
  private final float epsilon;

  private RmsProp(OptionValues options) {
    this.rho = options.value(RHO).floatValue();
    this.momentum = options.value(MOMENTUM);
    this.centred = options.value(CENTRED);
    this.epsilon = options.value(EPSILON).floatValue();
  }

  @Override
  public List<String> arrays() {
    List<String> arrays = new ArrayList<>(List.of("second-moment"));
    if (centred) {
      arrays.add("first-moment");
    }
    if (momentum > 0) {
      arrays.add("velocity");
    }
    return arrays;
  }

  @Override
  public OptionalDouble momentum() {
    return momentum > 0 ? OptionalDouble.of(momentum) : OptionalDouble.empty();
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) step.rate();
    float kept = (float) step.momentum();
    return (parameters, gradient, state, count) -> {
      scale(gradient, state, count);
      if (momentum > 0) {
        float[] velocity = state[state.length - 1];
        for (int i = 0; i < count; i++) {
          velocity[i] = kept * velocity[i] + gradient[i];
          gradient[i] = velocity[i];
        }
      }
      for (int i = 0; i < count; i++) {
        gradient[i] *= rate;
      }
    };
  }

  /** Divides a gradient by its root mean square, or its deviation. */
  private void scale(float[] gradient, float[][] state, int count) {
    float[] second = state[0];
    for (int i = 0; i < count; i++) {
      float slope = gradient[i];
      second[i] = rho * second[i] + (1 - rho) * slope * slope;
      float square = second[i];
      if (centred) {
        float[] first = state[1];
        first[i] = rho * first[i] + (1 - rho) * slope;
        square = Math.max(0, square - first[i] * first[i]);
      }
      gradient[i] = slope / ((float) Math.sqrt(square) + epsilon);
    }
  }
}
