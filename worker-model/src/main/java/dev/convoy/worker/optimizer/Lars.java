package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.worker.optimizer.Segment.Kind;

/**
 * Momentum with a rate of its own for every layer's weights, in proportion to the norm of the
 * weights over that of their gradient and of {@code optimizer.l2} times the weights. Everything but
 * weights has the schedule's rate.
 */
final class Lars extends VelocityRule {
  private static final Option<Double> MOMENTUM =
      Option.number("momentum", 0.9, Range.closedOpen(0, 1), "share of the last step that is kept");

  private static final Option<Double> TRUST_COEFFICIENT =
      Option.number(
          "trust-coefficient",
          0.001,
          Range.above(0),
          "norm of a step at a rate of 1, as a share of the weights' norm");

  static final Component<Optimizer> COMPONENT =
      Component.named("lars", "momentum with a rate of its own for every layer, for large batches")
          .from("You, Gitman and Ginsburg, Large Batch Training of Convolutional Networks, 2017")
          .with(MOMENTUM, TRUST_COEFFICIENT)
          .createdBy(Lars::new);

  private final double trustCoefficient;

  private Lars(OptionValues options) {
    super(options.value(MOMENTUM));
    this.trustCoefficient = options.value(TRUST_COEFFICIENT);
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) (step.rate() * localRate(step));
    float kept = (float) step.momentum();
    return (parameters, gradient, state, count) -> {
      float[] velocity = state[0];
      for (int i = 0; i < count; i++) {
        velocity[i] = kept * velocity[i] + rate * gradient[i];
        gradient[i] = velocity[i];
      }
    };
  }

  /** What the rate of a segment is multiplied by; 1 where there is no norm to go by. */
  private double localRate(SegmentStep step) {
    if (step.segment().kind() != Kind.WEIGHT) {
      return 1;
    }
    double weights = step.norms().ofParameters();
    double gradient = step.norms().ofGradient();
    return weights > 0 && gradient > 0
        ? trustCoefficient * weights / (gradient + step.l2() * weights)
        : 1;
  }
}
