package dev.convoy.worker.model;

import dev.convoy.data.Text;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * Inception-v4, figures 3 to 9 of the paper: a stem, four modules A, a reduction, seven modules B,
 * a reduction, three modules C, global average pooling, dropout, softmax. Made for images of 299 ×
 * 299. Every convolution has batch normalisation and relu behind it.
 */
final class InceptionV4 implements Architecture {
  static final Option<Double> DROPOUT = NetworkSketch.featureDropout(0.2);

  static final String PAPER =
      "Szegedy, Ioffe, Vanhoucke and Alemi, \"Inception-v4, Inception-ResNet and the impact of"
          + " residual connections on learning\", 2017";

  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("inception-v4", "fourteen inception modules, for photographs")
              .from(PAPER)
              .with(
                  NetworkSketch.CHANNEL_FACTOR,
                  NetworkSketch.NORMALIZATION,
                  NetworkSketch.ACTIVATION,
                  DROPOUT)
              .createdBy(InceptionV4::new));

  private final OptionValues options;

  private InceptionV4(OptionValues options) {
    this.options = options;
  }

  @Override
  public int usualImage() {
    return 299;
  }

  @Override
  public int smallestImage() {
    return 75; // leaves one pixel in the modules C
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch =
        NetworkSketch.of(input, options, GoogLeNet.EPSILON)
            .channelFactor(options.value(NetworkSketch.CHANNEL_FACTOR));
    addStem(sketch);
    for (int number = 1; number <= 4; number++) {
      addModuleA(sketch, Text.of("a%d", number));
    }
    addReductionA(sketch, "reduction-a", 384, 192, 224, 256);
    for (int number = 1; number <= 7; number++) {
      addModuleB(sketch, Text.of("b%d", number));
    }
    addReductionB(sketch);
    for (int number = 1; number <= 3; number++) {
      addModuleC(sketch, Text.of("c%d", number));
    }
    return sketch.globalMean("pool").classify(options.value(DROPOUT));
  }

  private static void addStem(NetworkSketch sketch) {
    sketch
        .unit("stem1", Convolution.of(32, 3).stride(2).unpadded())
        .unit("stem2", Convolution.of(32, 3).unpadded())
        .unit("stem3", Convolution.of(64, 3))
        .branches(
            "stem4",
            branch -> branch.maximum("stem4-pool", 3, 2, 0),
            branch -> branch.unit("stem4-branch2", Convolution.of(96, 3).stride(2).unpadded()))
        .branches(
            "stem5",
            branch ->
                branch
                    .unit("stem5-branch1-1", Convolution.of(64, 1))
                    .unit("stem5-branch1-2", Convolution.of(96, 3).unpadded()),
            branch ->
                branch
                    .unit("stem5-branch2-1", Convolution.of(64, 1))
                    .unit("stem5-branch2-2", Convolution.of(64, 1, 7))
                    .unit("stem5-branch2-3", Convolution.of(64, 7, 1))
                    .unit("stem5-branch2-4", Convolution.of(96, 3).unpadded()))
        .branches(
            "stem6",
            branch -> branch.unit("stem6-branch1", Convolution.of(192, 3).stride(2).unpadded()),
            branch -> branch.maximum("stem6-pool", 3, 2, 0));
  }

  private static void addModuleA(NetworkSketch sketch, String name) {
    sketch.branches(
        name,
        branch -> branch.unit(name + "-branch1", Convolution.of(96, 1)),
        branch ->
            branch
                .unit(name + "-branch2-1", Convolution.of(64, 1))
                .unit(name + "-branch2-2", Convolution.of(96, 3)),
        branch ->
            branch
                .unit(name + "-branch3-1", Convolution.of(64, 1))
                .unit(name + "-branch3-2", Convolution.of(96, 3))
                .unit(name + "-branch3-3", Convolution.of(96, 3)),
        branch ->
            branch
                .mean(name + "-branch4-pool", 3, 1, 1)
                .unit(name + "-branch4", Convolution.of(96, 1)));
  }

  /**
   * A reduction of the image by half, figure 7.
   *
   * @param n channels of its 3 × 3 convolution of stride 2
   * @param k of the first of three others
   * @param l of the second
   * @param m of the third, which has the stride
   */
  static void addReductionA(NetworkSketch sketch, String name, int n, int k, int l, int m) {
    sketch.branches(
        name,
        branch -> branch.unit(name + "-branch1", Convolution.of(n, 3).stride(2).unpadded()),
        branch ->
            branch
                .unit(name + "-branch2-1", Convolution.of(k, 1))
                .unit(name + "-branch2-2", Convolution.of(l, 3))
                .unit(name + "-branch2-3", Convolution.of(m, 3).stride(2).unpadded()),
        branch -> branch.maximum(name + "-pool", 3, 2, 0));
  }

  private static void addModuleB(NetworkSketch sketch, String name) {
    sketch.branches(
        name,
        branch -> branch.unit(name + "-branch1", Convolution.of(384, 1)),
        branch ->
            branch
                .unit(name + "-branch2-1", Convolution.of(192, 1))
                .unit(name + "-branch2-2", Convolution.of(224, 1, 7))
                .unit(name + "-branch2-3", Convolution.of(256, 7, 1)),
        branch ->
            branch
                .unit(name + "-branch3-1", Convolution.of(192, 1))
                .unit(name + "-branch3-2", Convolution.of(192, 7, 1))
                .unit(name + "-branch3-3", Convolution.of(224, 1, 7))
                .unit(name + "-branch3-4", Convolution.of(224, 7, 1))
                .unit(name + "-branch3-5", Convolution.of(256, 1, 7)),
        branch ->
            branch
                .mean(name + "-branch4-pool", 3, 1, 1)
                .unit(name + "-branch4", Convolution.of(128, 1)));
  }

  private static void addReductionB(NetworkSketch sketch) {
    sketch.branches(
        "reduction-b",
        branch ->
            branch
                .unit("reduction-b-branch1-1", Convolution.of(192, 1))
                .unit("reduction-b-branch1-2", Convolution.of(192, 3).stride(2).unpadded()),
        branch ->
            branch
                .unit("reduction-b-branch2-1", Convolution.of(256, 1))
                .unit("reduction-b-branch2-2", Convolution.of(256, 1, 7))
                .unit("reduction-b-branch2-3", Convolution.of(320, 7, 1))
                .unit("reduction-b-branch2-4", Convolution.of(320, 3).stride(2).unpadded()),
        branch -> branch.maximum("reduction-b-pool", 3, 2, 0));
  }

  private static void addModuleC(NetworkSketch sketch, String name) {
    sketch.branches(
        name,
        branch -> branch.unit(name + "-branch1", Convolution.of(256, 1)),
        branch ->
            split(branch.unit(name + "-branch2-1", Convolution.of(384, 1)), name + "-branch2"),
        branch ->
            split(
                branch
                    .unit(name + "-branch3-1", Convolution.of(384, 1))
                    .unit(name + "-branch3-2", Convolution.of(448, 3, 1))
                    .unit(name + "-branch3-3", Convolution.of(512, 1, 3)),
                name + "-branch3"),
        branch ->
            branch
                .mean(name + "-branch4-pool", 3, 1, 1)
                .unit(name + "-branch4", Convolution.of(256, 1)));
  }

  private static void split(NetworkSketch sketch, String name) {
    sketch.branches(
        name,
        branch -> branch.unit(name + "-row", Convolution.of(256, 1, 3)),
        branch -> branch.unit(name + "-column", Convolution.of(256, 3, 1)));
  }
}
