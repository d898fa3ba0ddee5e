package dev.convoy.worker.backend;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;

/**
 * Forward and backward propagation through one network that classifies images. Parameters and
 * gradients are those of the network. Whoever changes its parameters says so: what is prepared of
 * them for inference, for example weights in another order, is kept until then.
 *
 * <p>Runs on executors. Used by one thread at a time, not always the same one.
 */
public interface Propagation extends Inference {

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

  /** Says that the network's parameters have changed since the last propagation. */
  void parametersChanged();
}
