package dev.convoy.worker.backend;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.loss.Loss;

/**
 * Forward and backward propagation through one network that classifies images. Parameters and
 * gradients are those of the network. Whoever changes its parameters says so: what is prepared of
 * them for inference, for example weights in another order, is kept until then.
 *
 * <p>Runs on executors. Used by one thread at a time, not always the same one.
 */
public interface Propagation extends AutoCloseable {

  /**
   * Propagates a batch forward in training and its loss backward. The gradient, summed over the
   * batch, is left in the network's flattened gradients, together with what is to be taken off the
   * running statistics of batch normalisation, as Deeplearning4j leaves them there.
   *
   * @param targets of the images. Where a distribution is 1 for one class, the image's {@link
   *     #loss} is that of the label, to the last bit.
   * @param size images in the batch, at least 1
   * @param dropoutKey what the batch's dropout masks are drawn from
   * @return mean loss of the batch
   */
  double gradient(Images images, Targets targets, int size, long dropoutKey);

  /**
   * The same of pairs of images whose outputs are to be near each other: the gradient is that of
   * the loss of the images that have targets, and of their partners' distance from them,
   * coefficient · ‖f(partner) − f(image)‖², in the values that the loss is of where the network
   * answers. A partner has the dropout masks and the weight of its image. Batch normalisation sees
   * all of them as one batch.
   *
   * @param pairs twice {@code size}: the images of the targets, then their partners in that order
   * @param coefficient of the squared distance, at least 0
   * @param size pairs, at least 1
   * @return mean loss of the images that have targets, without the distance
   * @throws UnsupportedOperationException if the masks of partners cannot be made alike
   */
  double pairedGradient(
      Images pairs, Targets targets, double coefficient, int size, long dropoutKey);

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
   * <p>The masks of an image are drawn from its key alone: which images are in its batch, and where
   * in it the image is, changes its answer by rounding at most. So does who propagates.
   *
   * @param keys one per image, any numbers; may be longer than needed; not changed
   * @param size images in the batch, at least 1
   * @return class probabilities, axes [size, classes]; those of {@link #probabilities} where the
   *     network has no dropout
   * @throws UnsupportedOperationException if the network has dropout and other noise beside it,
   *     which is not drawn from keys
   */
  float[] sampledProbabilities(Images images, long[] keys, int size);

  /** Says that the network's parameters have changed since the last propagation. */
  void parametersChanged();

  /**
   * Whether the network drops anything in training, so that sampled answers differ from each other.
   */
  boolean hasDropout();

  /** One line for a log: who computes what. */
  String description();

  /** Frees native memory; not the network. */
  @Override
  void close();
}
