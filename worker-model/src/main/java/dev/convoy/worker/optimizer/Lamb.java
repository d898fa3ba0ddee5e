package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.worker.optimizer.Segment.Kind;

/**
 * Adam's direction u = m̂ / (√v̂ + ε), to which {@code optimizer.weight-decay} adds its share of
 * the weights, with a rate of its own for every layer's weights: r ‖w‖ / ‖u + λ w‖. Everything but
 * weights has the schedule's rate. The paper's φ is the identity, as in its experiments, and a
 * layer whose weights or direction are zero takes an ordinary step.
 */
final class Lamb extends MomentEstimates {
  static final Component<Optimizer> COMPONENT =
      Component.named("lamb", "Adam with a rate of its own for every layer, for large batches")
          .from(
              "You et al., Large Batch Optimization for Deep Learning: Training BERT in 76 minutes,"
                  + " 2020")
          .with(BETA1, BETA2, EPSILON)
          .createdBy(Lamb::new);

  private Lamb(OptionValues options) {
    super(options);
  }

  @Override
  public boolean decaysWeights() {
    return true;
  }

  @Override
  public Change change(SegmentStep step) {
    Change direction = direction(step);
    float rate = (float) (step.rate() * localRate(step, direction));
    return (parameters, gradient, state, count) -> {
      direction.apply(parameters, gradient, state, count);
      for (int i = 0; i < count; i++) {
        gradient[i] *= rate;
      }
    };
  }

  private Change direction(SegmentStep step) {
    float scale = (float) (1 / firstCorrection(step));
    float root = (float) Math.sqrt(secondCorrection(step));
    float decay1 = (float) step.momentum();
    float decay2 = (float) beta2;
    float shrinkage = (float) step.weightDecay();
    return (parameters, gradient, state, count) -> {
      float[] first = state[0];
      float[] second = state[1];
      for (int i = 0; i < count; i++) {
        float slope = gradient[i];
        first[i] = decay1 * first[i] + (1 - decay1) * slope;
        second[i] = decay2 * second[i] + (1 - decay2) * slope * slope;
        gradient[i] =
            scale * first[i] / ((float) Math.sqrt(second[i]) / root + epsilon)
                + shrinkage * parameters[i];
      }
    };
  }

  /** What the rate of a segment is multiplied by; 1 where there is no norm to go by. */
  private static double localRate(SegmentStep step, Change direction) {
    if (step.segment().kind() != Kind.WEIGHT) {
      return 1;
    }
    double weights = step.norms().ofParameters();
    double taken = step.norms().ofChange(direction);
    return weights > 0 && taken > 0 ? weights / taken : 1;
  }
}
