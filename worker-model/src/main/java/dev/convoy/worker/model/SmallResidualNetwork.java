package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The residual networks for small images, section 4.2 of the paper: a 3 × 3 convolution, three
 * stages of n blocks of two convolutions at widths w, 2w and 4w, global average pooling, softmax;
 * 6n + 2 weighted layers. A plain network is the same without its shortcuts.
 *
 * <p>The first block of the second and third stage halves the image. Wide ones (6n + 4 layers) have
 * a multiple of the paper's channels, dropout between a block's convolutions, and are of version 2
 * (Zagoruyko and Komodakis 2016).
 */
final class SmallResidualNetwork implements Architecture {
  private static final String PAPER =
      "He, Zhang, Ren and Sun, \"Deep residual learning for image recognition\", 2015";

  private static final Option<Integer> WIDTH =
      NetworkSketch.width(16, "channels of the first stage; then twice and four times as many");

  private static final Option<Double> BLOCK_DROPOUT =
      NetworkSketch.dropout(0, "probability of dropping a value inside every block in training");

  private static final Option<ResidualBlocks.Shortcuts> SHORTCUTS =
      Option.of(
          "shortcuts",
          new ValueType.Choice<>(
              List.of(ResidualBlocks.Shortcuts.PROJECTION, ResidualBlocks.Shortcuts.PADDING),
              ValueType::nameOf),
          ValueType.nameOf(ResidualBlocks.Shortcuts.PROJECTION),
          "around blocks that change the image's extent; projection: a 1 × 1 convolution (option B"
              + " of the paper); padding: zeros for the channels that the input lacks (option A)");

  static final List<Component<Architecture>> VARIANTS =
      Stream.of(
              Stream.of(3, 5, 7, 9, 18, 200).map(SmallResidualNetwork::residual),
              Stream.of(3, 5, 7, 9, 18).map(SmallResidualNetwork::plain),
              Stream.of(wide(2, 4), wide(4, 10), wide(6, 4)))
          .flatMap(variants -> variants)
          .toList();

  private static final int WIDE_STEM = 16;

  private final int blocksPerStage;
  private final int stem;
  private final int width;
  private final double dropout;
  private final ResidualBlocks.Style style;
  private final OptionValues options;

  private SmallResidualNetwork(
      int blocksPerStage,
      int stem,
      int width,
      double dropout,
      ResidualBlocks.Style style,
      OptionValues options) {
    this.blocksPerStage = blocksPerStage;
    this.stem = stem;
    this.width = width;
    this.dropout = dropout;
    this.style = style;
    this.options = options;
  }

  private static Component<Architecture> residual(int blocks) {
    return Component.named(
            "resnet-" + (6 * blocks + 2),
            "residual network of " + 3 * blocks + " blocks, for small images")
        .from(PAPER)
        .with(
            WIDTH,
            NetworkSketch.NORMALIZATION,
            NetworkSketch.FEATURE_DROPOUT,
            ResidualBlocks.VERSION,
            NetworkSketch.ACTIVATION,
            ResidualBlocks.ZERO_SCALE,
            ResidualBlocks.STOCHASTIC_DEPTH,
            SHORTCUTS)
        .requiring(
            ResidualBlocks.ZERO_SCALE,
            ResidualBlocks::hasScaleToBegin,
            ResidualBlocks.EXPECTED_SCALE)
        .createdBy(
            options ->
                of(blocks, options, ResidualBlocks.Style.of(options, options.value(SHORTCUTS))));
  }

  private static Component<Architecture> plain(int blocks) {
    int layers = 6 * blocks + 2;
    var style =
        new ResidualBlocks.Style(
            ResidualBlocks.Version.POST_ACTIVATION, 1, ResidualBlocks.Shortcuts.NONE, 0, 0);
    return Component.named("plain-" + layers, "resnet-" + layers + " without its shortcuts")
        .from(PAPER)
        .with(
            WIDTH,
            NetworkSketch.NORMALIZATION,
            NetworkSketch.FEATURE_DROPOUT,
            NetworkSketch.ACTIVATION)
        .createdBy(options -> of(blocks, options, style));
  }

  private static Architecture of(int blocks, OptionValues options, ResidualBlocks.Style style) {
    int width = options.value(WIDTH);
    return new SmallResidualNetwork(
        blocks, width, width, options.value(NetworkSketch.FEATURE_DROPOUT), style, options);
  }

  private static Component<Architecture> wide(int blocks, int defaultFactor) {
    Option<Integer> factor =
        Option.wholeNumber(
            "factor", defaultFactor, 1, 64, "channels of the first stage, in multiples of 16");
    return Component.named(
            "wide-resnet-" + (6 * blocks + 4) + '-' + defaultFactor,
            "residual network of " + 3 * blocks + " wide blocks, for small images")
        .from("Zagoruyko and Komodakis, \"Wide residual networks\", 2016")
        .with(
            factor,
            NetworkSketch.NORMALIZATION,
            NetworkSketch.ACTIVATION,
            BLOCK_DROPOUT,
            ResidualBlocks.STOCHASTIC_DEPTH)
        .createdBy(
            options ->
                new SmallResidualNetwork(
                    blocks,
                    WIDE_STEM,
                    WIDE_STEM * options.value(factor),
                    0,
                    new ResidualBlocks.Style(
                        ResidualBlocks.Version.PRE_ACTIVATION,
                        1,
                        ResidualBlocks.Shortcuts.PROJECTION,
                        options.value(BLOCK_DROPOUT),
                        options.value(ResidualBlocks.STOCHASTIC_DEPTH)),
                    options));
  }

  @Override
  public int smallestImage() {
    return 4; // leaves one pixel in the last stage
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch = NetworkSketch.of(input, options);
    var blocks = new ResidualBlocks(sketch, style);
    blocks.begin(Convolution.of(stem, 3));
    blocks.addStages(width, ResidualBlocks::basic, blocksPerStage, blocksPerStage, blocksPerStage);
    return sketch.globalMean("pool").classify(dropout);
  }
}
