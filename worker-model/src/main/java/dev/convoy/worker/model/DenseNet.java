package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The densely connected networks for small images with bottlenecks and compression, DenseNet-BC of
 * the paper: a 3 × 3 convolution of 2k channels, three blocks of n layers, global average pooling,
 * softmax; 6n + 4 weighted layers.
 *
 * <p>A layer reads the channels of all layers before it in its block: normalisation, relu and a 1 ×
 * 1 convolution to 4k channels, normalisation, relu and a 3 × 3 convolution to k channels, the
 * growth rate, which are put behind what it read. Between blocks a 1 × 1 convolution halves the
 * channels, and a mean over 2 × 2 pixels the image.
 */
final class DenseNet implements Architecture {
  private static final Option<Integer> GROWTH =
      Option.wholeNumber("growth", 12, 1, 1024, "channels that each layer adds");

  static final List<Component<Architecture>> VARIANTS =
      Stream.of(6, 16).map(DenseNet::variant).toList();

  private static final int BLOCKS = 3;

  private final int layersPerBlock;
  private final int growth;
  private final ChannelNormalization normalization;
  private final double dropout;

  private DenseNet(int layersPerBlock, OptionValues options) {
    this.layersPerBlock = layersPerBlock;
    this.growth = options.value(GROWTH);
    this.normalization = options.value(NetworkSketch.NORMALIZATION);
    this.dropout = options.value(NetworkSketch.FEATURE_DROPOUT);
  }

  private static Component<Architecture> variant(int layersPerBlock) {
    return Component.named(
            "densenet-bc-" + (6 * layersPerBlock + 4),
            "densely connected network of three blocks of " + layersPerBlock + " layers")
        .from(
            "Huang, Liu, van der Maaten and Weinberger, \"Densely connected convolutional"
                + " networks\", 2017")
        .with(GROWTH, NetworkSketch.NORMALIZATION, NetworkSketch.FEATURE_DROPOUT)
        .createdBy(options -> new DenseNet(layersPerBlock, options));
  }

  @Override
  public int smallestImage() {
    return 4; // leaves one pixel in the last block
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch = new NetworkSketch(input, normalization);
    int channels = 2 * growth;
    sketch.convolution("stem-conv", Convolution.of(channels, 3), false);
    for (int block = 1; block <= BLOCKS; block++) {
      for (int layer = 1; layer <= layersPerBlock; layer++) {
        addLayer(sketch, String.format(Locale.ROOT, "block%d-layer%d", block, layer));
      }
      channels += layersPerBlock * growth;
      if (block < BLOCKS) {
        channels /= 2;
        addTransition(sketch, String.format(Locale.ROOT, "transition%d", block), channels);
      }
    }
    return sketch.normalise("last-norm").relu("last-relu").globalMean("pool").classify(dropout);
  }

  private void addLayer(NetworkSketch sketch, String name) {
    String before = sketch.last();
    sketch
        .normalise(name + "-first-norm")
        .relu(name + "-first-relu")
        .unit(name + "-second", Convolution.of(4 * growth, 1))
        .convolution(name + "-conv", Convolution.of(growth, 3), false)
        .concatenate(name, before, sketch.last());
  }

  private static void addTransition(NetworkSketch sketch, String name, int channels) {
    sketch
        .normalise(name + "-norm")
        .relu(name + "-relu")
        .convolution(name + "-conv", Convolution.of(channels, 1), false)
        .mean(name + "-pool", 2, 2, 0);
  }
}
