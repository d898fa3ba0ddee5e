package dev.convoy.worker.backend;

import dev.convoy.worker.model.InputShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Bounds what the layers of a network hold in inference. */
public final class ActivationMemory {
  /** Of one layer's output. */
  private static final long MOST_BYTES = 256L << 20;

  private ActivationMemory() {}

  /**
   * How many images to answer at once, so that no layer's output takes more than 256 MiB; at least
   * 1.
   */
  public static int imagesAtOnce(ComputationGraph network, InputShape input) {
    return imagesAtOnce(network.getConfiguration(), input);
  }

  /** The same of a network that need not be there yet. */
  public static int imagesAtOnce(ComputationGraphConfiguration network, InputShape input) {
    long largest =
        network
            .getLayerActivationTypes(
                InputType.convolutional(input.height(), input.width(), input.channels()))
            .values()
            .stream()
            .mapToLong(InputType::arrayElementsPerExample)
            .max()
            .orElse(1);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, MOST_BYTES / Float.BYTES / largest));
  }
}
