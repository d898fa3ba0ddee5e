package dev.convoy.worker.backend;

import dev.convoy.data.batch.Images;
import dev.convoy.worker.loss.Loss;

/**
 * What a network answers, by whoever computes it.
 *
 * <p>Runs on executors. Used by one thread at a time, not always the same one.
 */
public interface Inference extends AutoCloseable {
  /** What the network learns with. */
  Loss loss();

  /**
   * The values of a batch that the loss is of, in inference.
   *
   * @param size images in the batch, at least 1
   * @return axes [size, classes]
   */
  float[] outputs(Images images, int size);

  /**
   * Propagates a batch forward in inference.
   *
   * @param size images in the batch, at least 1
   * @return class probabilities, axes [size, classes], as the loss makes them of the outputs
   */
  float[] probabilities(Images images, int size);

  /**
   * Propagates a batch forward with dropout as in training and everything else as in inference:
   * batch normalisation uses its running statistics and leaves them alone. Answers to the same
   * image under different keys are samples of what the network takes for possible (Monte Carlo
   * dropout: Gal and Ghahramani, "Dropout as a Bayesian approximation", 2016).
   *
   * <p>The masks of an image are drawn from its key alone: which images are in its batch, where in
   * it the image is, and which backend computes it change its answer by rounding at most.
   *
   * @param keys one per image, any numbers; may be longer than needed; not changed
   * @param size images in the batch, at least 1
   * @return class probabilities, axes [size, classes]; those of {@link #probabilities} where the
   *     network has no dropout
   * @throws UnsupportedOperationException if the network has dropout and other noise beside it,
   *     which is not drawn from keys
   */
  float[] sampledProbabilities(Images images, long[] keys, int size);

  /**
   * Whether the network drops anything in training, so that sampled answers differ from each other.
   */
  boolean hasDropout();

  /** One line for a log: who computes what, and why nobody faster does. */
  String description();

  /** Frees memory; not the network. */
  @Override
  void close();
}
