package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The residual networks for photographs, table 1 of the paper: a 7 × 7 convolution of stride 2, a
 * pooling of stride 2, four stages of blocks, of which all but the first halve the image, global
 * average pooling, softmax.
 *
 * <p>A basic block has two 3 × 3 convolutions of w channels, the stage's width; a bottleneck one of
 * 1 × 1, one of 3 × 3 in g groups, both of u channels, and one of 1 × 1 to 4w channels, where u = w
 * in ResNet, 2w in ResNeXt 32 × 4d and wide ResNet. A bottleneck's stride is in its 3 × 3
 * convolution, or in its first as in the paper.
 */
final class ResidualNetwork implements Architecture {
  private static final String PAPER =
      "He, Zhang, Ren and Sun, \"Deep residual learning for image recognition\", 2015";

  private static final Option<Integer> WIDTH =
      NetworkSketch.width(64, "channels of the first stage's blocks; then two, four, eight times");

  private static final Option<StridePlace> STRIDE_PLACE =
      Option.choice(
          "stride-in",
          StridePlace.MIDDLE,
          StridePlace::kernel,
          "which convolution of a bottleneck halves the image: 3x3 (\"version 1.5\") or, as in the"
              + " paper, 1x1");

  private static final Option<Stem> STEM =
      Option.choice(
          "stem",
          Stem.LARGE,
          ValueType::nameOf,
          "what the image meets first; large: 7 × 7 of stride 2 and a pooling; small: 3 × 3, for"
              + " small images");

  private static final int EXPANSION = 4;

  static final List<Component<Architecture>> VARIANTS =
      Stream.of(
              basic(18, 2, 2, 2, 2),
              basic(34, 3, 4, 6, 3),
              bottleneck("resnet-50", PAPER, 1, 64, 3, 4, 6, 3),
              bottleneck("resnet-101", PAPER, 1, 64, 3, 4, 23, 3),
              bottleneck("resnet-152", PAPER, 1, 64, 3, 8, 36, 3),
              resNeXt("resnext-50", 4, 3, 4, 6, 3),
              resNeXt("resnext-101", 8, 3, 4, 23, 3),
              bottleneck(
                  "wide-resnet-50-2",
                  "Zagoruyko and Komodakis, \"Wide residual networks\", 2016",
                  1,
                  128,
                  3,
                  4,
                  6,
                  3))
          .toList();

  private final int[] blocksPerStage;
  private final OptionValues options;
  private final ResidualBlocks.Form form;

  /** Where a bottleneck has its stride. */
  private enum StridePlace {
    MIDDLE("3x3"),
    FIRST("1x1");

    private final String kernel;

    StridePlace(String kernel) {
      this.kernel = kernel;
    }

    String kernel() {
      return kernel;
    }
  }

  /** What stands in front of the first stage. */
  private enum Stem {
    LARGE,
    SMALL
  }

  private ResidualNetwork(int[] blocksPerStage, OptionValues options, ResidualBlocks.Form form) {
    this.blocksPerStage = blocksPerStage;
    this.options = options;
    this.form = form;
  }

  private static Component<Architecture> basic(int layers, int... blocks) {
    return component(
            "resnet-" + layers,
            "residual network of " + Arrays.stream(blocks).sum() + " blocks, for photographs",
            PAPER)
        .createdBy(options -> new ResidualNetwork(blocks, options, ResidualBlocks::basic));
  }

  private static Component<Architecture> resNeXt(String name, int groupWidth, int... blocks) {
    return bottleneck(
        name,
        "Xie, Girshick, Dollár, Tu and He, \"Aggregated residual transformations for deep neural"
            + " networks\", 2017",
        32,
        groupWidth,
        blocks);
  }

  private static Component<Architecture> bottleneck(
      String name, String paper, int defaultGroups, int defaultGroupWidth, int... blocks) {
    Option<Integer> groups =
        Option.wholeNumber("groups", defaultGroups, 1, 1024, "groups of the 3 × 3 convolutions");
    Option<Integer> groupWidth =
        Option.wholeNumber(
            "group-width",
            defaultGroupWidth,
            1,
            1024,
            "channels of each group in the first stage at width 64; in others in proportion");
    return component(
            name,
            "residual network of " + Arrays.stream(blocks).sum() + " bottlenecks, for photographs",
            paper)
        .with(groups, groupWidth, STRIDE_PLACE)
        .createdBy(
            options ->
                new ResidualNetwork(
                    blocks,
                    options,
                    (width, stride) ->
                        bottleneck(
                            width,
                            stride,
                            options.value(groups),
                            options.value(groupWidth),
                            options.value(STRIDE_PLACE))));
  }

  private static Component.Builder component(String name, String meaning, String paper) {
    return Component.named(name, meaning)
        .from(paper)
        .with(
            WIDTH,
            STEM,
            NetworkSketch.NORMALIZATION,
            NetworkSketch.FEATURE_DROPOUT,
            NetworkSketch.ACTIVATION,
            ResidualBlocks.VERSION,
            ResidualBlocks.ZERO_SCALE,
            ResidualBlocks.STOCHASTIC_DEPTH)
        .requiring(
            ResidualBlocks.ZERO_SCALE,
            ResidualBlocks::hasScaleToBegin,
            ResidualBlocks.EXPECTED_SCALE);
  }

  private static List<Convolution> bottleneck(
      int width, int stride, int groups, int groupWidth, StridePlace place) {
    int inner = Math.max(1, width * groupWidth / 64) * groups;
    return List.of(
        Convolution.of(inner, 1).stride(place == StridePlace.FIRST ? stride : 1),
        Convolution.of(inner, 3).groups(groups).stride(place == StridePlace.MIDDLE ? stride : 1),
        Convolution.of(EXPANSION * width, 1));
  }

  @Override
  public int usualImage() {
    return 224;
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch = NetworkSketch.of(input, options);
    var blocks =
        new ResidualBlocks(
            sketch, ResidualBlocks.Style.of(options, ResidualBlocks.Shortcuts.PROJECTION));
    int width = options.value(WIDTH);
    if (options.value(STEM) == Stem.LARGE) {
      blocks.begin(Convolution.of(width, 7).stride(2));
      sketch.maximum("stem-pool", 3, 2, 1);
    } else {
      blocks.begin(Convolution.of(width, 3));
    }
    blocks.addStages(width, form, blocksPerStage);
    return sketch.globalMean("pool").classify(options.value(NetworkSketch.FEATURE_DROPOUT));
  }
}
