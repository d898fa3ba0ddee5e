package dev.convoy.worker.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** A kind of network with the values of its options. Immutable. */
public interface Architecture {
  /** The least height and width of images, in pixels. */
  default int smallestImage() {
    return 1;
  }

  /**
   * The network for one input: stock layers from {@code input} to the softmax {@code output}, each
   * with its scheme of initialisation. {@link NetworkSketch} holds what all networks share.
   *
   * @param input images of at least {@link #smallestImage} in both directions
   */
  ComputationGraphConfiguration configuration(InputShape input);
}
