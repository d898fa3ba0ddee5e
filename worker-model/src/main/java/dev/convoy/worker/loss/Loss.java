package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;
import java.util.Optional;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** What training makes small, for one image at a time. Immutable, without state. */
public interface Loss {
  /**
   * Computes an image's loss and its gradient; the image's weight is left to the caller.
   *
   * @param outputs the network's last values, by class; overwritten with the gradient
   * @param image number of the image in {@code targets}
   * @return the loss, at least 0
   */
  double derive(double[] outputs, Targets targets, int image);

  /** How the network's last values become class probabilities. */
  default OutputFunction function() {
    return OutputFunction.SOFTMAX;
  }

  /** Whether targets may be any numbers, and not only classes' probabilities. */
  default boolean takesNumbers() {
    return false;
  }

  /** The loss of Deeplearning4j's with which a network is saved; empty where it has none. */
  default Optional<ILossFunction> stock() {
    return Optional.empty();
  }

  /** The loss by which a network that learns with this one is validated. */
  default Loss ofValidation() {
    return this;
  }
}
