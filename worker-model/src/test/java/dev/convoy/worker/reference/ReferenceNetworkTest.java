package dev.convoy.worker.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.ChannelScale;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Compiled networks, and graphs whose nodes were joined, against the formulas. */
class ReferenceNetworkTest {
  private static final int CLASSES = 5;
  private static final int SIZE = 3;
  private static final long KEY = 11;

  /**
   * Of sums of a few thousand floats, as a share of the largest value among them, behind up to 110
   * layers.
   */
  private static final double FLOAT_ROUNDING = 1e-4;

  /** Of the same sums in doubles, taken in another order. */
  private static final double DOUBLE_ROUNDING = 1e-10;

  /** A network with a batch, all of it small. */
  private static final class Example {
    final InputShape input;
    final ComputationGraph network;
    final Graph graph;
    final float[] images;
    final int[] labels;

    Example(ComputationGraph network, InputShape input) throws UnsupportedNetworkException {
      this.input = input;
      this.network = network;
      stir();
      graph = GraphReader.read(network.getConfiguration(), input);
      Random random = new Random(7);
      images = new float[SIZE * input.values()];
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) random.nextGaussian();
      }
      labels = random.ints(SIZE, 0, CLASSES).toArray();
    }

    /** Makes every parameter matter: zeros of biases and running statistics hide mistakes. */
    private void stir() {
      Random random = new Random(3);
      network
          .paramTable()
          .forEach(
              (name, values) -> {
                if (!name.endsWith("_W")) {
                  double base = name.endsWith("_gamma") || name.endsWith("_var") ? 1 : 0;
                  for (long i = 0; i < values.length(); i++) {
                    values.putScalar(i, base + 0.3 * random.nextDouble());
                  }
                }
              });
    }

    Pass pass(boolean training, long... keys) {
      return new Pass(training, keys, new Parameters(network));
    }

    double[] targets() {
      double[] targets = new double[SIZE * CLASSES];
      for (int i = 0; i < SIZE; i++) {
        targets[i * CLASSES + labels[i]] = 1;
      }
      return targets;
    }

    double[] compiledGradient() {
      return network.getFlattenedGradients().toDoubleVector();
    }

    /** Compares gradients parameter by parameter, each by the largest of its values. */
    void assertGradient(double[] actual, double[] expected, double tolerance) {
      // Gradients that cancel out, as those of a bias before a normalisation, are rounding alone.
      double least = 0.02 * Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      for (Map.Entry<String, INDArray> parameter : network.paramTable().entrySet()) {
        int from = Math.toIntExact(parameter.getValue().offset() - network.params().offset());
        int to = from + Math.toIntExact(parameter.getValue().length());
        assertClose(
            "gradient of " + parameter.getKey(),
            Arrays.copyOfRange(actual, from, to),
            Arrays.copyOfRange(expected, from, to),
            least,
            tolerance);
      }
    }
  }

  private static void assertClose(
      String what, double[] actual, double[] expected, double leastScale, double tolerance) {
    double scale = Math.max(leastScale, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(difference / scale).as(what).isLessThan(tolerance);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  /** Makes an example when it is needed, and throws whatever the reader throws. */
  @FunctionalInterface
  interface Maker {
    Example make() throws UnsupportedNetworkException;
  }

  private static Named<Maker> of(ComponentSettings model) {
    boolean large = model.name().startsWith("vgg");
    InputShape input = new InputShape(large ? 32 : 12, large ? 33 : 14, 2, CLASSES);
    return Named.of(model.toString(), () -> new Example(Models.create(model, input, 5), input));
  }

  /** A function behind layers of every kind that can apply it. */
  private static Named<Maker> of(Activation function) {
    InputShape input = new InputShape(9, 8, 2, CLASSES);
    return Named.of(
        function.name(),
        () ->
            new Example(
                network(
                    input,
                    new ConvolutionLayer.Builder(3, 3).nOut(5).activation(function).build(),
                    new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).build(),
                    new ActivationLayer(function),
                    new DenseLayer.Builder().nOut(6).activation(function).build()),
                input));
  }

  private static ComputationGraph network(InputShape input, Layer... layers) {
    var graph =
        new NeuralNetConfiguration.Builder()
            .seed(4)
            .updater(new NoOp())
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs("images");
    String last = "images";
    for (Layer layer : layers) {
      String name = "layer" + graph.getVertices().size();
      graph.addLayer(name, layer, last);
      last = name;
    }
    return classifying(graph, last, input);
  }

  private static ComputationGraph classifying(
      ComputationGraphConfiguration.GraphBuilder graph, String last, InputShape input) {
    ComputationGraph network =
        new ComputationGraph(
            graph
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    last)
                .setOutputs("output")
                .setInputTypes(
                    InputType.convolutional(input.height(), input.width(), input.channels()))
                .build());
    network.init();
    return network;
  }

  /** Convolutions in groups, with and without what is folded into them in inference. */
  private static Named<Maker> ofGroups(int channels, int multiplier) {
    InputShape input = new InputShape(9, 8, 2, CLASSES);
    return Named.of(
        channels + " channels, " + multiplier + " filters each",
        () ->
            new Example(
                network(
                    input,
                    new ConvolutionLayer.Builder(1, 1).nOut(channels).build(),
                    new DepthwiseConvolution2D.Builder(3, 3)
                        .depthMultiplier(multiplier)
                        .hasBias(false)
                        .build(),
                    new BatchNormalization.Builder().useLogStd(false).build(),
                    new ActivationLayer(Activation.RELU),
                    new SeparableConvolution2D.Builder(2, 3)
                        .depthMultiplier(multiplier)
                        .nOut(7)
                        .activation(Activation.TANH)
                        .build()),
                input));
  }

  /** A gate that is read from what it scales. */
  private static Named<Maker> gate(int channels) {
    InputShape input = new InputShape(9, 8, channels, CLASSES);
    return Named.of(
        "a gate of " + channels + " channels",
        () -> {
          var graph =
              new NeuralNetConfiguration.Builder()
                  .seed(4)
                  .updater(new NoOp())
                  .activation(Activation.SIGMOID)
                  .graphBuilder()
                  .addInputs("images")
                  .addLayer(
                      "a", new ConvolutionLayer.Builder(1, 1).nOut(channels).build(), "images")
                  .addLayer(
                      "squeeze",
                      new GlobalPoolingLayer.Builder(PoolingType.AVG)
                          .collapseDimensions(false)
                          .build(),
                      "a")
                  .addLayer(
                      "excite",
                      new ConvolutionLayer.Builder(1, 1).nOut(channels).build(),
                      "squeeze")
                  .addVertex("gated", new ChannelScale(), "a", "excite");
          return new Example(classifying(graph, "gated", input), input);
        });
  }

  /** Every kind of layer and function that no model has. */
  static Stream<Named<Maker>> networks() {
    Stream<Named<Maker>> functions =
        Stream.of(
                Activation.LEAKYRELU,
                Activation.ELU,
                Activation.TANH,
                Activation.SIGMOID,
                Activation.SWISH,
                Activation.GELU,
                Activation.SOFTPLUS,
                Activation.MISH)
            .map(ReferenceNetworkTest::of);
    Stream<Named<Maker>> groups =
        Stream.of(ofGroups(1, 3), ofGroups(5, 1), ofGroups(16, 2), ofGroups(8, 3));
    Stream<Named<Maker>> gates = Stream.of(gate(3), gate(16));
    return Stream.of(models().map(ReferenceNetworkTest::of), functions, groups, gates)
        .flatMap(Function.identity());
  }

  /** Every model as narrow as it can be, and with dropout where it has any. */
  static Stream<ComponentSettings> models() {
    List<ComponentSettings> all = new ArrayList<>();
    for (String name : Models.FAMILY.names()) {
      Map<String, Object> narrow = new HashMap<>();
      for (String option : List.of("width", "growth")) {
        if (Models.FAMILY.member(name).option(option).isPresent()) {
          narrow.put(option, 4);
        }
      }
      all.add(new ComponentSettings(name, narrow));
    }
    all.add(new ComponentSettings("densenet-bc-40", Map.of("growth", 8)));
    all.add(new ComponentSettings("lenet-5", Map.of("dropout", 0.4)));
    all.add(new ComponentSettings("resnet-20", Map.of("width", 5, "dropout", 0.2)));
    all.add(new ComponentSettings("resnet-20", Map.of("width", 16, "normalization", "group")));
    all.add(new ComponentSettings("densenet-bc-40", Map.of("normalization", "group")));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theGradientOfACompiledNetworkIsThatOfTheFormulas(Maker maker) throws Exception {
    Example example = maker.make();
    Pass pass = example.pass(true, KEY);
    double expected =
        new ReferenceNetwork(example.graph).gradient(example.images, example.targets(), SIZE, pass);
    try (CompiledNetwork compiled = CompiledNetwork.compile(example.network, example.input)) {
      assertThat(
              compiled.gradient(
                  Images.of(example.images), Targets.ofClasses(example.labels), SIZE, KEY))
          .isCloseTo(expected, Offset.offset(FLOAT_ROUNDING * Math.max(1, expected)));
      example.assertGradient(
          example.compiledGradient(), pass.parameters().gradients(), FLOAT_ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theAnswersOfACompiledNetworkAreThoseOfTheFormulas(Maker maker) throws Exception {
    Example example = maker.make();
    long[] keys = {5, 6, 7};
    try (CompiledNetwork compiled = CompiledNetwork.compile(example.network, example.input)) {
      assertClose(
          "probabilities",
          doubles(compiled.probabilities(Images.of(example.images), SIZE)),
          new ReferenceNetwork(example.graph.withoutDropout())
              .probabilities(example.images, SIZE, example.pass(false)),
          0,
          FLOAT_ROUNDING);
      assertClose(
          "sampled probabilities",
          doubles(compiled.sampledProbabilities(Images.of(example.images), keys, SIZE)),
          new ReferenceNetwork(example.graph.withNumberedMasks())
              .probabilities(
                  example.images,
                  SIZE,
                  example.pass(false, Arrays.stream(keys).map(KeyedRandom::mix).toArray())),
          0,
          FLOAT_ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void joiningNodesChangesNothingButRounding(Maker maker) throws Exception {
    Example example = maker.make();
    Pass apart = example.pass(true, KEY);
    Pass joined = example.pass(true, KEY);
    double expected =
        new ReferenceNetwork(example.graph)
            .gradient(example.images, example.targets(), SIZE, apart);
    assertThat(
            new ReferenceNetwork(Fusion.forTraining(example.graph))
                .gradient(example.images, example.targets(), SIZE, joined))
        .isCloseTo(expected, Offset.offset(DOUBLE_ROUNDING));
    example.assertGradient(
        joined.parameters().gradients(), apart.parameters().gradients(), DOUBLE_ROUNDING);
    Graph inference = example.graph.withoutDropout();
    assertClose(
        "probabilities",
        new ReferenceNetwork(Fusion.forInference(inference))
            .probabilities(example.images, SIZE, example.pass(false)),
        new ReferenceNetwork(inference).probabilities(example.images, SIZE, example.pass(false)),
        0,
        DOUBLE_ROUNDING);
  }
}
