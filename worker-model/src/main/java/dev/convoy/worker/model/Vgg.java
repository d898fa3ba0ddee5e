package dev.convoy.worker.model;

import dev.convoy.data.Text;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * Configurations A, B, D and E of the paper: five stages of 3 × 3 convolutions, each with a pooling
 * behind it, and fully connected layers. Images of any size are averaged to 7 × 7 features before
 * these, as those of 224 × 224 have them.
 *
 * <p>Without hidden layers it has the form that is usual for small images: one softmax layer on
 * whatever the last pooling leaves.
 */
final class Vgg implements Architecture {
  private static final Option<Integer> WIDTH =
      NetworkSketch.width(
          64, "channels of the first convolution; up to eight times as many at the end");

  private static final Option<ChannelNormalization> NORMALIZATION =
      NetworkSketch.normalization("none");

  private static final Option<List<Integer>> HIDDEN = HiddenLayers.sizes(List.of(4096, 4096));

  private static final Option<Double> DROPOUT = HiddenLayers.dropout(0.5);

  static final List<Component<Architecture>> VARIANTS =
      Stream.of(
              variant(1, 1, 2, 2, 2),
              variant(2, 2, 2, 2, 2),
              variant(2, 2, 3, 3, 3),
              variant(2, 2, 4, 4, 4))
          .toList();

  /** Channels of each stage, in multiples of the network's width. */
  private static final List<Integer> MULTIPLES = List.of(1, 2, 4, 8, 8);

  private static final int FEATURES = 7;

  private final List<Integer> convolutions;
  private final int width;
  private final ChannelNormalization normalization;
  private final ActivationFunction activation;
  private final HiddenLayers hidden;

  private Vgg(List<Integer> convolutions, OptionValues options) {
    this.convolutions = convolutions;
    width = options.value(WIDTH);
    normalization = options.value(NORMALIZATION);
    activation = options.value(NetworkSketch.ACTIVATION);
    hidden = new HiddenLayers(options.value(HIDDEN), options.value(DROPOUT), activation);
  }

  /**
   * A network.
   *
   * @param convolutions of each stage
   */
  private static Component<Architecture> variant(Integer... convolutions) {
    List<Integer> stages = List.of(convolutions);
    int total = stages.stream().mapToInt(Integer::intValue).sum();
    return Component.named(
            "vgg-" + (total + 3),
            total + " 3 × 3 convolutions between five poolings, three fully connected layers")
        .from(
            "Simonyan and Zisserman, \"Very deep convolutional networks for large-scale image"
                + " recognition\", 2014")
        .with(WIDTH, NORMALIZATION, NetworkSketch.ACTIVATION, HIDDEN, DROPOUT)
        .createdBy(options -> new Vgg(stages, options));
  }

  @Override
  public int usualImage() {
    return 224;
  }

  @Override
  public int smallestImage() {
    return 32; // leaves one pixel behind the fifth pooling
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch = new NetworkSketch(input, normalization).activation(activation);
    for (int stage = 1; stage <= convolutions.size(); stage++) {
      int channels = MULTIPLES.get(stage - 1) * width;
      for (int number = 1; number <= convolutions.get(stage - 1); number++) {
        String name = Text.of("stage%d-layer%d", stage, number);
        sketch.unit(name, Convolution.of(channels, 3));
      }
      sketch.halve(Text.of("stage%d-pool", stage));
    }
    return hidden.sizes().isEmpty()
        ? sketch.classify(hidden.dropout())
        : hidden.classify(sketch.meanTo("pool", FEATURES));
  }
}
