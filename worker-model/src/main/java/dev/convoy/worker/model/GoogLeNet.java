package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * GoogLeNet, table 1 of the paper: three convolutions, nine inception modules between poolings,
 * global average pooling, dropout, softmax. Two auxiliary classifiers behind the third and the
 * sixth module take part in training, with 0.3 times their loss.
 *
 * <p>A module has four branches, whose channels are joined: a 1 × 1 convolution; one of 1 × 1 and
 * one of 3 × 3; one of 1 × 1 and one of 5 × 5; a pooling and a 1 × 1 convolution. The usual form
 * today has batch normalisation, and 3 × 3 in the place of 5 × 5.
 */
final class GoogLeNet implements Architecture {
  private static final Option<Kernel> KERNEL =
      Option.choice(
          "third-branch",
          Kernel.THREE,
          Kernel::option,
          "kernel of a module's third branch: 3x3 or, as in the paper, 5x5");

  private static final Option<Boolean> AUXILIARY =
      Option.flag("auxiliary", true, "whether two auxiliary classifiers take part in training");

  private static final Option<Double> DROPOUT = NetworkSketch.featureDropout(0.2);

  private static final Option<Double> AUXILIARY_DROPOUT =
      Option.number(
          "auxiliary-dropout",
          0.7,
          Range.closedOpen(0, 1),
          "probability of dropping a value in front of an auxiliary classifier's last layer");

  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("googlenet", "nine inception modules, for photographs")
              .from("Szegedy et al., \"Going deeper with convolutions\", 2015")
              .with(
                  NetworkSketch.CHANNEL_FACTOR,
                  NetworkSketch.NORMALIZATION,
                  NetworkSketch.ACTIVATION,
                  DROPOUT,
                  KERNEL,
                  AUXILIARY,
                  AUXILIARY_DROPOUT)
              .createdBy(GoogLeNet::new));

  /** What batch normalisation adds to variances in the inception networks. */
  static final double EPSILON = 1e-3;

  private static final double AUXILIARY_WEIGHT = 0.3;

  private final OptionValues options;

  /** The kernel of the third branch. */
  private enum Kernel {
    THREE(3),
    FIVE(5);

    private final int side;

    Kernel(int side) {
      this.side = side;
    }

    String option() {
      return side + "x" + side;
    }
  }

  private GoogLeNet(OptionValues options) {
    this.options = options;
  }

  @Override
  public int usualImage() {
    return 224;
  }

  @Override
  public int smallestImage() {
    return 15;
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch =
        NetworkSketch.of(input, options, EPSILON)
            .channelFactor(options.value(NetworkSketch.CHANNEL_FACTOR));
    sketch
        .unit("conv1", Convolution.of(64, 7).stride(2))
        .maximumToTheEdge("pool1", 3, 2)
        .unit("conv2", Convolution.of(64, 1))
        .unit("conv3", Convolution.of(192, 3))
        .maximumToTheEdge("pool2", 3, 2);
    module(sketch, "3a", 64, 96, 128, 16, 32, 32);
    module(sketch, "3b", 128, 128, 192, 32, 96, 64);
    sketch.maximumToTheEdge("pool3", 3, 2);
    module(sketch, "4a", 192, 96, 208, 16, 48, 64);
    auxiliary(sketch, "auxiliary1");
    module(sketch, "4b", 160, 112, 224, 24, 64, 64);
    module(sketch, "4c", 128, 128, 256, 24, 64, 64);
    module(sketch, "4d", 112, 144, 288, 32, 64, 64);
    auxiliary(sketch, "auxiliary2");
    module(sketch, "4e", 256, 160, 320, 32, 128, 128);
    sketch.maximumToTheEdge("pool4", 2, 2);
    module(sketch, "5a", 256, 160, 320, 32, 128, 128);
    module(sketch, "5b", 384, 192, 384, 48, 128, 128);
    return sketch.globalMean("pool").classify(options.value(DROPOUT));
  }

  /** A module with so many channels of its convolutions, branch by branch. */
  private void module(
      NetworkSketch sketch,
      String name,
      int first,
      int secondReduced,
      int second,
      int thirdReduced,
      int third,
      int pooled) {
    int kernel = options.value(KERNEL).side;
    sketch.branches(
        name,
        branch -> branch.unit(name + "-branch1", Convolution.of(first, 1)),
        branch ->
            branch
                .unit(name + "-branch2-reduce", Convolution.of(secondReduced, 1))
                .unit(name + "-branch2", Convolution.of(second, 3)),
        branch ->
            branch
                .unit(name + "-branch3-reduce", Convolution.of(thirdReduced, 1))
                .unit(name + "-branch3", Convolution.of(third, kernel)),
        branch ->
            branch
                .maximum(name + "-branch4-pool", 3, 1, 1)
                .unit(name + "-branch4", Convolution.of(pooled, 1)));
  }

  private void auxiliary(NetworkSketch sketch, String name) {
    if (options.value(AUXILIARY)) {
      String trunk = sketch.last();
      sketch
          .meanTo(name + "-pool", 4)
          .unit(name, Convolution.of(128, 1))
          .dense(name + "-dense", 1024)
          .auxiliary(name + "-output", options.value(AUXILIARY_DROPOUT), AUXILIARY_WEIGHT)
          .at(trunk);
    }
  }
}
