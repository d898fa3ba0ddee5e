package dev.convoy.worker.model;

import dev.convoy.data.Text;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The densely connected networks with bottlenecks and compression, DenseNet-BC of the paper: a
 * convolution of 2k channels, blocks of layers, global average pooling, softmax.
 *
 * <p>A layer reads the channels of all layers before it in its block: normalisation, relu and a 1 ×
 * 1 convolution to 4k channels, normalisation, relu and a 3 × 3 convolution to k channels, the
 * growth rate, which are put behind what it read. Between blocks a 1 × 1 convolution halves the
 * channels, and a mean over 2 × 2 pixels the image.
 *
 * <p>Those for photographs have four blocks, and begin with a 7 × 7 convolution of stride 2 and a
 * pooling of stride 2; those for small images have three blocks, and begin with a 3 × 3
 * convolution.
 */
final class DenseNet implements Architecture {
  private static final String PAPER =
      "Huang, Liu, van der Maaten and Weinberger, \"Densely connected convolutional networks\","
          + " 2017";

  static final List<Component<Architecture>> VARIANTS =
      Stream.of(
              small(40, 12),
              small(100, 12),
              small(250, 24),
              small(190, 40),
              large(121, 32, 6, 12, 24, 16),
              large(161, 48, 6, 12, 36, 24),
              large(169, 32, 6, 12, 32, 32),
              large(201, 32, 6, 12, 48, 32),
              large(264, 32, 6, 12, 64, 48))
          .toList();

  private final List<Integer> layersPerBlock;
  private final boolean isLarge;
  private final int growth;
  private final OptionValues options;

  private DenseNet(
      List<Integer> layersPerBlock, boolean isLarge, int growth, OptionValues options) {
    this.layersPerBlock = layersPerBlock;
    this.isLarge = isLarge;
    this.growth = growth;
    this.options = options;
  }

  /** Three blocks of as many layers, two convolutions each, and four other weighted layers. */
  private static Component<Architecture> small(int layers, int growth) {
    List<Integer> blocks = Collections.nCopies(3, (layers - 4) / 6);
    return variant("densenet-bc-" + layers + '-' + growth, "for small images", growth, blocks);
  }

  private static Component<Architecture> large(int layers, int growth, Integer... blocks) {
    return variant("densenet-" + layers, "for photographs", growth, Arrays.asList(blocks));
  }

  private static Component<Architecture> variant(
      String name, String purpose, int defaultGrowth, List<Integer> blocks) {
    Option<Integer> growth =
        Option.wholeNumber("growth", defaultGrowth, 1, 1024, "channels that each layer adds");
    return Component.named(
            name,
            "densely connected network of "
                + blocks.stream().mapToInt(Integer::intValue).sum()
                + " layers, "
                + purpose)
        .from(PAPER)
        .with(
            growth,
            NetworkSketch.NORMALIZATION,
            NetworkSketch.ACTIVATION,
            NetworkSketch.FEATURE_DROPOUT)
        .createdBy(
            options -> new DenseNet(blocks, blocks.size() > 3, options.value(growth), options));
  }

  @Override
  public int usualImage() {
    return isLarge ? 224 : 32;
  }

  @Override
  public int smallestImage() {
    return isLarge ? 29 : 4; // leaves one pixel in the last block
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch = NetworkSketch.of(input, options);
    addStem(sketch);
    for (int block = 1; block <= layersPerBlock.size(); block++) {
      for (int layer = 1; layer <= layersPerBlock.get(block - 1); layer++) {
        addLayer(sketch, Text.of("block%d-layer%d", block, layer));
      }
      if (block < layersPerBlock.size()) {
        addTransition(sketch, Text.of("transition%d", block));
      }
    }
    return sketch
        .normalise("last-norm")
        .activate("last-relu")
        .globalMean("pool")
        .classify(options.value(NetworkSketch.FEATURE_DROPOUT));
  }

  private void addStem(NetworkSketch sketch) {
    int channels = 2 * growth;
    if (isLarge) {
      sketch.unit("stem", Convolution.of(channels, 7).stride(2)).maximum("stem-pool", 3, 2, 1);
    } else {
      sketch.convolution("stem-conv", Convolution.of(channels, 3));
    }
  }

  private void addLayer(NetworkSketch sketch, String name) {
    String before = sketch.last();
    sketch
        .normalise(name + "-first-norm")
        .activate(name + "-first-relu")
        .unit(name + "-second", Convolution.of(4 * growth, 1))
        .convolution(name + "-conv", Convolution.of(growth, 3))
        .concatenate(name, before, sketch.last());
  }

  private static void addTransition(NetworkSketch sketch, String name) {
    int channels = Math.max(1, sketch.channels() / 2);
    sketch
        .normalise(name + "-norm")
        .activate(name + "-relu")
        .convolution(name + "-conv", Convolution.of(channels, 1))
        .mean(name + "-pool", 2, 2, 0);
  }
}
