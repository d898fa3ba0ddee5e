package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * Configuration A of the paper in its usual form for small images: a normalisation after every
 * convolution, and one softmax layer in place of three fully connected ones.
 */
final class Vgg implements Architecture {
  private static final Option<Integer> WIDTH =
      NetworkSketch.width(
          64, "channels of the first convolution; up to eight times as many at the end");

  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("vgg-11", "eight 3 × 3 convolutions between five poolings")
              .from(
                  "Simonyan and Zisserman, \"Very deep convolutional networks for large-scale image"
                      + " recognition\", 2014")
              .with(WIDTH, NetworkSketch.NORMALIZATION, NetworkSketch.FEATURE_DROPOUT)
              .createdBy(Vgg::new));

  private static final List<Stage> STAGES =
      List.of(new Stage(1, 1), new Stage(1, 2), new Stage(2, 4), new Stage(2, 8), new Stage(2, 8));

  /**
   * What stands before a pooling.
   *
   * @param convolutions how many
   * @param widths channels of each, in multiples of the network's width
   */
  private record Stage(int convolutions, int widths) {}

  private final int width;
  private final ChannelNormalization normalization;
  private final double dropout;

  private Vgg(OptionValues options) {
    width = options.value(WIDTH);
    normalization = options.value(NetworkSketch.NORMALIZATION);
    dropout = options.value(NetworkSketch.FEATURE_DROPOUT);
  }

  @Override
  public int smallestImage() {
    return 32; // leaves one pixel behind the fifth pooling
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch = new NetworkSketch(input, normalization);
    for (int stage = 1; stage <= STAGES.size(); stage++) {
      Stage layers = STAGES.get(stage - 1);
      for (int number = 1; number <= layers.convolutions(); number++) {
        String name = String.format(Locale.ROOT, "stage%d-layer%d", stage, number);
        sketch.unit(name, Convolution.of(layers.widths() * width, 3));
      }
      sketch.halve(String.format(Locale.ROOT, "stage%d-pool", stage));
    }
    return sketch.classify(dropout);
  }
}
