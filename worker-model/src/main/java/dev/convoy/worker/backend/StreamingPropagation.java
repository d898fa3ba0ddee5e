package dev.convoy.worker.backend;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Propagation that can hand over the gradient of each parameter as soon as it is known, so that
 * nobody keeps all of them.
 */
public interface StreamingPropagation extends Propagation {
  /** Is handed gradients, once in a batch for every parameter that a loss depends on. */
  @FunctionalInterface
  interface GradientTaker {
    /**
     * Takes a gradient. The parameter itself may be changed now, but no other.
     *
     * @param layer its name
     * @param parameter its name in the layer
     * @param gradient as {@link Propagation#gradient(Images, Targets, int, long)} leaves it, in the
     *     order of the network's parameters; may be changed, and is lost afterwards
     */
    void take(String layer, String parameter, FloatPointer gradient);
  }

  /** Propagates as {@link Propagation#gradient(Images, Targets, int, long)} does. */
  double gradient(Images images, Targets targets, int size, long dropoutKey, GradientTaker taker);

  /** Propagates as {@link Propagation#pairedGradient(Images, Targets, double, int, long)} does. */
  double pairedGradient(
      Images pairs,
      Targets targets,
      double coefficient,
      int size,
      long dropoutKey,
      GradientTaker taker);
}
