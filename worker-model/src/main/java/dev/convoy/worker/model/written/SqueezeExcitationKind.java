package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.worker.model.NetworkSketch;
import dev.convoy.worker.model.layer.AdaptivePooling;
import dev.convoy.worker.model.layer.ChannelScale;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/**
 * A gate for each channel: its mean over the image, squeezed through fewer rectified units, and as
 * many sigmoids as there are channels, by which these are multiplied.
 */
record SqueezeExcitationKind(int reduction) implements LayerKind {
  private static final Option<Integer> REDUCTION =
      Option.wholeNumber(
          "reduction",
          16,
          1,
          NetworkSketch.MAX_WIDTH,
          "how many channels there are for each unit of the gate, which has one at least");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named("squeeze-excitation", "every channel times a gate that sees all channels")
              .from("Hu, Shen and Sun, \"Squeeze-and-excitation networks\", 2018")
              .with(REDUCTION)
              .createdBy(options -> new SqueezeExcitationKind(options.value(REDUCTION))));

  @Override
  public void addTo(LayerPlace place) {
    int channels = Math.toIntExact(place.images().getChannels());
    String images = place.last();
    place.then("squeeze", new AdaptivePooling(PoolingType.AVG, 1, 1));
    place.then("reduce", ofOnePixel(Math.max(1, channels / reduction), Activation.RELU));
    place.then("gate", ofOnePixel(channels, Activation.SIGMOID));
    place.joinVertices(new ChannelScale(), List.of(images, place.last()));
  }

  private static ConvolutionLayer ofOnePixel(int units, Activation function) {
    return new ConvolutionLayer.Builder(1, 1).nOut(units).activation(function).build();
  }
}
