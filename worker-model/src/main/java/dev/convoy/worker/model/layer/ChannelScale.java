package dev.convoy.worker.model.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Multiplies every channel of every image, the first input, by a number of its own, the second
 * input: images of one pixel and as many channels, such as the gate of squeeze and excitation (Hu,
 * Shen and Sun, "Squeeze-and-excitation networks", 2018).
 *
 * <p>Deeplearning4j's product of two values does that, but its configuration refuses extents that
 * differ. Named in saved models, as {@link GroupNormalization} is.
 */
public final class ChannelScale extends ElementWiseVertex {
  private static final long serialVersionUID = 1L;

  /** A product of two inputs. */
  public ChannelScale() {
    super(Op.Product);
  }

  @Override
  public ChannelScale clone() {
    return new ChannelScale(); // the inherited one would be a product of equal extents
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    boolean fits =
        inputs.length == 2
            && inputs[0] instanceof InputType.InputTypeConvolutional images
            && InputType.convolutional(1, 1, images.getChannels()).equals(inputs[1]);
    if (!fits) {
      throw new IllegalArgumentException(
          "Cannot scale channels: expected images, and images of one pixel and as many channels,"
              + " found "
              + Arrays.toString(inputs)
              + ".");
    }
    return inputs[0];
  }
}
