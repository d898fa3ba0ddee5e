package dev.convoy.worker.model;

import dev.convoy.data.Text;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * Inception-ResNet-v2, figure 15 of the paper in the form that its authors published: modules whose
 * branches are joined, brought to the extent of the input by a 1 × 1 convolution, scaled down and
 * added to it. Made for images of 299 × 299. Every other convolution has batch normalisation and
 * relu behind it.
 */
final class InceptionResNet implements Architecture {
  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named(
                  "inception-resnet-v2", "forty residual inception modules, for photographs")
              .from(InceptionV4.PAPER)
              .with(
                  NetworkSketch.CHANNEL_FACTOR,
                  NetworkSketch.NORMALIZATION,
                  NetworkSketch.ACTIVATION,
                  InceptionV4.DROPOUT)
              .createdBy(InceptionResNet::new));

  private final OptionValues options;

  private InceptionResNet(OptionValues options) {
    this.options = options;
  }

  @Override
  public int usualImage() {
    return 299;
  }

  @Override
  public int smallestImage() {
    return 75; // leaves one pixel in the last modules
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch =
        NetworkSketch.of(input, options, GoogLeNet.EPSILON)
            .channelFactor(options.value(NetworkSketch.CHANNEL_FACTOR));
    addStem(sketch);
    for (int number = 1; number <= 10; number++) {
      addModuleA(sketch, Text.of("a%d", number));
    }
    InceptionV4.addReductionA(sketch, "reduction-a", 384, 256, 256, 384);
    for (int number = 1; number <= 20; number++) {
      addModuleB(sketch, Text.of("b%d", number));
    }
    addReductionB(sketch);
    for (int number = 1; number <= 9; number++) {
      addModuleC(sketch, Text.of("c%d", number), 0.2);
    }
    addModuleC(sketch, "c10", 1);
    return sketch
        .unit("last", Convolution.of(1536, 1))
        .globalMean("pool")
        .classify(options.value(InceptionV4.DROPOUT));
  }

  private static void addStem(NetworkSketch sketch) {
    sketch
        .unit("stem1", Convolution.of(32, 3).stride(2).unpadded())
        .unit("stem2", Convolution.of(32, 3).unpadded())
        .unit("stem3", Convolution.of(64, 3))
        .maximum("stem3-pool", 3, 2, 0)
        .unit("stem4", Convolution.of(80, 1))
        .unit("stem5", Convolution.of(192, 3).unpadded())
        .maximum("stem5-pool", 3, 2, 0)
        .branches(
            "stem6",
            branch -> branch.unit("stem6-branch1", Convolution.of(96, 1)),
            branch ->
                branch
                    .unit("stem6-branch2-1", Convolution.of(48, 1))
                    .unit("stem6-branch2-2", Convolution.of(64, 5)),
            branch ->
                branch
                    .unit("stem6-branch3-1", Convolution.of(64, 1))
                    .unit("stem6-branch3-2", Convolution.of(96, 3))
                    .unit("stem6-branch3-3", Convolution.of(96, 3)),
            branch ->
                branch
                    .mean("stem6-branch4-pool", 3, 1, 1)
                    .unit("stem6-branch4", Convolution.of(64, 1)));
  }

  private static void addModuleA(NetworkSketch sketch, String name) {
    addResidual(
        sketch,
        name,
        0.17,
        branch -> branch.unit(name + "-branch1", Convolution.of(32, 1)),
        branch ->
            branch
                .unit(name + "-branch2-1", Convolution.of(32, 1))
                .unit(name + "-branch2-2", Convolution.of(32, 3)),
        branch ->
            branch
                .unit(name + "-branch3-1", Convolution.of(32, 1))
                .unit(name + "-branch3-2", Convolution.of(48, 3))
                .unit(name + "-branch3-3", Convolution.of(64, 3)));
    sketch.activate(name + "-relu");
  }

  private static void addModuleB(NetworkSketch sketch, String name) {
    addResidual(
        sketch,
        name,
        0.1,
        branch -> branch.unit(name + "-branch1", Convolution.of(192, 1)),
        branch ->
            branch
                .unit(name + "-branch2-1", Convolution.of(128, 1))
                .unit(name + "-branch2-2", Convolution.of(160, 1, 7))
                .unit(name + "-branch2-3", Convolution.of(192, 7, 1)));
    sketch.activate(name + "-relu");
  }

  private static void addReductionB(NetworkSketch sketch) {
    String name = "reduction-b";
    sketch.branches(
        name,
        branch ->
            branch
                .unit(name + "-branch1-1", Convolution.of(256, 1))
                .unit(name + "-branch1-2", Convolution.of(384, 3).stride(2).unpadded()),
        branch ->
            branch
                .unit(name + "-branch2-1", Convolution.of(256, 1))
                .unit(name + "-branch2-2", Convolution.of(288, 3).stride(2).unpadded()),
        branch ->
            branch
                .unit(name + "-branch3-1", Convolution.of(256, 1))
                .unit(name + "-branch3-2", Convolution.of(288, 3))
                .unit(name + "-branch3-3", Convolution.of(320, 3).stride(2).unpadded()),
        branch -> branch.maximum(name + "-pool", 3, 2, 0));
  }

  /** The last one of these is not scaled, and has no function. */
  private static void addModuleC(NetworkSketch sketch, String name, double scale) {
    addResidual(
        sketch,
        name,
        scale,
        branch -> branch.unit(name + "-branch1", Convolution.of(192, 1)),
        branch ->
            branch
                .unit(name + "-branch2-1", Convolution.of(192, 1))
                .unit(name + "-branch2-2", Convolution.of(224, 1, 3))
                .unit(name + "-branch2-3", Convolution.of(256, 3, 1)));
    if (scale < 1) {
      sketch.activate(name + "-relu");
    }
  }

  @SafeVarargs
  private static void addResidual(
      NetworkSketch sketch, String name, double scale, Consumer<NetworkSketch>... branches) {
    String source = sketch.last();
    int channels = sketch.channels();
    sketch
        .branches(name + "-joined", branches)
        .convolution(name + "-conv", Convolution.of(channels, 1), true);
    if (scale < 1) {
      sketch.scale(name + "-scale", scale);
    }
    sketch.sum(name, source, sketch.last());
  }
}
