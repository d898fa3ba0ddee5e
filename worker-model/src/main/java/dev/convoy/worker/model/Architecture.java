package dev.convoy.worker.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** A kind of network with the values of its options. Immutable. */
public interface Architecture {
  /** The least height and width of images, in pixels. */
  default int smallestImage() {
    return 1;
  }

  /** Height and width of the images that it was made for, in pixels. */
  default int usualImage() {
    return 32;
  }

  /**
   * Makes sure that there is a network for such images, if that is not a matter of their size
   * alone.
   *
   * @throws LayerException naming the first layer that cannot be made
   */
  default void require(InputShape input) {
    // The smallest image is all that most networks ask for.
  }

  /**
   * The network for one input: layers from {@code input} to the softmax {@code output}, each with
   * its scheme of initialisation; outputs behind the first are auxiliary classifiers. {@link
   * NetworkSketch} holds what all networks share.
   *
   * @param input images of at least {@link #smallestImage} in both directions
   */
  ComputationGraphConfiguration configuration(InputShape input);
}
