package dev.convoy.worker.optimizer;

/**
 * A step of one segment.
 *
 * @param segment which
 * @param rate the learning rate of its layer
 * @param momentum the rule's {@link Optimizer#momentum()}, or what its schedule makes of it; 0 if
 *     the rule has none
 * @param scalars the numbers that the rule keeps
 * @param l2 the share of the parameters that is added to their gradient
 * @param weightDecay the decoupled decay of the parameters, per unit of the rate; for rules that
 *     apply it themselves
 * @param norms of the segment as it is before the step
 */
public record SegmentStep(
    Segment segment,
    double rate,
    double momentum,
    double[] scalars,
    double l2,
    double weightDecay,
    Norms norms) {

  /** Computes Euclidean norms of a segment, each time anew. */
  public interface Norms {
    /** Of the parameters. */
    double ofParameters();

    /** Of their gradient, without penalties. */
    double ofGradient();

    /** Of what a change would make of the gradient; neither that nor the state is changed. */
    double ofChange(Optimizer.Change change);
  }
}
