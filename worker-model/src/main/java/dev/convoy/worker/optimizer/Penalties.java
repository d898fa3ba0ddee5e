package dev.convoy.worker.optimizer;

import dev.convoy.worker.optimizer.Segment.Kind;
import java.io.Serializable;

/**
 * What keeps parameters small, or weights orthogonal.
 *
 * @param l1 coefficient of the absolute values, added to the gradient, at least 0
 * @param l1Proximal coefficient of the absolute values, by a step of its own that makes exact zeros
 *     (proximal gradient: Beck and Teboulle 2009): after each step, parameters come closer to 0 by
 *     rate × coefficient and stop there; at least 0
 * @param l2 coefficient of the squares' half, added to the gradient, at least 0; with l1 it is the
 *     elastic net (Zou and Hastie 2005)
 * @param weightDecay decoupled decay (Loshchilov and Hutter 2019): each step takes rate × decay ×
 *     weight off, at least 0
 * @param orthogonality coefficient of {@link Orthogonality}, at least 0
 * @param parameters which they touch
 * @param layers whose parameters they touch
 */
public record Penalties(
    double l1,
    double l1Proximal,
    double l2,
    double weightDecay,
    double orthogonality,
    Touched parameters,
    LayerNames layers)
    implements Serializable {
  /** Which parameters are penalised. */
  public enum Touched {
    /** Weights, but no biases and no scales and shifts of normalisations. */
    WEIGHTS,
    /** All that is learned. */
    ALL
  }

  /** None. */
  public static final Penalties NONE = ofWeights(0, 0, 0);

  /** On the weights of every layer. */
  static Penalties ofWeights(double l1, double l2, double weightDecay) {
    return new Penalties(l1, 0, l2, weightDecay, 0, Touched.WEIGHTS, LayerNames.ALL);
  }

  /** Whether they touch a segment. */
  public boolean touch(Segment segment) {
    return (parameters == Touched.ALL || segment.kind() == Kind.WEIGHT)
        && layers.contain(segment.layer());
  }
}
