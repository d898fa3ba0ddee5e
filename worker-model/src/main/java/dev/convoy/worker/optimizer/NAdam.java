package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;

/**
 * Adam with Nesterov's momentum, whose share rises by itself: µₜ = β₁ (1 − ½ · 0.96^(t ψ)), with ψ
 * the {@code momentum-decay}. A step is r ((1 − µₜ) g / (1 − Πµ) + µₜ₊₁ m / (1 − µₜ₊₁ Πµ)) / (√v̂ +
 * ε), where Πµ is the product of all shares so far and v̂ the corrected second moment. As in
 * PyTorch, the first moment m decays by β₁; the paper's has it decay by µₜ. PyTorch 1.13 multiplies
 * µₜ twice into the second product, which is not done here.
 *
 * <p>What is kept between steps is 1 − Πµ, which is 0 at first: the share of the first moment that
 * is no longer its initial zero, so that its mean over workers belongs to the mean of their
 * moments.
 */
final class NAdam implements Optimizer {
  private static final Option<Double> MOMENTUM_DECAY =
      Option.number("momentum-decay", 0.004, Range.atLeast(0), "how fast the momentum rises");

  static final Component<Optimizer> COMPONENT =
      Component.named("nadam", "Adam with Nesterov's momentum")
          .from("Dozat, Incorporating Nesterov Momentum into Adam, 2016")
          .with(
              MomentEstimates.BETA1, MomentEstimates.BETA2, MomentEstimates.EPSILON, MOMENTUM_DECAY)
          .createdBy(NAdam::new);

  private static final int STEPS = 0;
  private static final int CORRECTION = 1;

  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private final double momentumDecay;

  private NAdam(OptionValues options) {
    this.beta1 = options.value(MomentEstimates.BETA1);
    this.beta2 = options.value(MomentEstimates.BETA2);
    this.epsilon = options.value(MomentEstimates.EPSILON).floatValue();
    this.momentumDecay = options.value(MOMENTUM_DECAY);
  }

  @Override
  public List<String> arrays() {
    return List.of("first-moment", "second-moment");
  }

  @Override
  public List<String> scalars() {
    return List.of("steps", "first-correction");
  }

  @Override
  public void begin(double[] scalars) {
    scalars[STEPS]++;
    scalars[CORRECTION] = 1 - (1 - scalars[CORRECTION]) * share(scalars[STEPS]);
  }

  private double share(double step) {
    return beta1 * (1 - 0.5 * StrictMath.pow(0.96, step * momentumDecay));
  }

  @Override
  public Change change(SegmentStep step) {
    double steps = step.scalars()[STEPS];
    double correction = step.scalars()[CORRECTION];
    double next = share(steps + 1);
    float slopeRate = (float) (step.rate() * (1 - share(steps)) / correction);
    float momentRate = (float) (step.rate() * next / (1 - next * (1 - correction)));
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
        gradient[i] =
            (slopeRate * slope + momentRate * first[i])
                / ((float) Math.sqrt(second[i]) / root + epsilon);
      }
    };
  }
}
