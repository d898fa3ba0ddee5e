package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The residual networks for small images, section 4.2 of the paper: a 3 × 3 convolution, three
 * stages of n two-convolution blocks at widths w, 2w and 4w, global average pooling, softmax; 6n +
 * 2 weighted layers.
 *
 * <p>The first block of the second and third stage halves the image; its shortcut is option B of
 * the paper, a 1 × 1 convolution of stride 2. A normalisation follows every convolution.
 */
final class ResidualNetwork implements Architecture {
  private static final Option<Integer> WIDTH =
      NetworkSketch.width(16, "channels of the first stage; then twice and four times as many");

  static final List<Component<Architecture>> VARIANTS =
      Stream.of(3, 5, 7, 9, 18).map(ResidualNetwork::variant).toList();

  private static final int STAGES = 3;

  private final int blocksPerStage;
  private final int width;
  private final ChannelNormalization normalization;
  private final double dropout;

  private ResidualNetwork(int blocksPerStage, OptionValues options) {
    this.blocksPerStage = blocksPerStage;
    this.width = options.value(WIDTH);
    this.normalization = options.value(NetworkSketch.NORMALIZATION);
    this.dropout = options.value(NetworkSketch.FEATURE_DROPOUT);
  }

  private static Component<Architecture> variant(int blocksPerStage) {
    return Component.named(
            "resnet-" + (6 * blocksPerStage + 2),
            "residual network of " + 3 * blocksPerStage + " blocks, for small images")
        .from("He, Zhang, Ren and Sun, \"Deep residual learning for image recognition\", 2015")
        .with(WIDTH, NetworkSketch.NORMALIZATION, NetworkSketch.FEATURE_DROPOUT)
        .createdBy(options -> new ResidualNetwork(blocksPerStage, options));
  }

  @Override
  public int smallestImage() {
    return 4; // leaves one pixel in the last stage
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch = new NetworkSketch(input, normalization);
    sketch.unit("stem", Convolution.of(width, 3));
    for (int stage = 1; stage <= STAGES; stage++) {
      for (int block = 1; block <= blocksPerStage; block++) {
        String name = String.format(Locale.ROOT, "stage%d-block%d", stage, block);
        addBlock(sketch, name, width << (stage - 1), stage > 1 && block == 1);
      }
    }
    return sketch.globalMean("pool").classify(dropout);
  }

  private static void addBlock(NetworkSketch sketch, String name, int width, boolean reshapes) {
    String source = sketch.last();
    String shortcut = source;
    if (reshapes) {
      sketch.normalisedConvolution(name + "-shortcut", Convolution.of(width, 1).stride(2));
      shortcut = sketch.last();
    }
    sketch
        .at(source)
        .unit(name + "-first", Convolution.of(width, 3).stride(reshapes ? 2 : 1))
        .normalisedConvolution(name + "-second", Convolution.of(width, 3))
        .sum(name + "-sum", sketch.last(), shortcut)
        .relu(name + "-relu");
  }
}
