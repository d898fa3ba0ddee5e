package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.DropoutNode;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.KeyedDropout;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.layers.LayerwisePropagation;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.layer.ChannelScale;
import dev.convoy.worker.model.layer.GroupNormalization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Compiled networks against Deeplearning4j's own layers, in floats and in doubles. */
class CompiledNetworkTest {
  private static final int CLASSES = 5;

  /**
   * As a share of the largest value of each parameter's gradient or of the outputs. Sums of a few
   * thousand floats in another order.
   */
  private static final double FLOAT_ROUNDING = 3e-5;

  /** A network, its stock twin in floats and in doubles, and a batch. */
  private static final class Example implements AutoCloseable {
    private final InputShape input;
    private final ComputationGraph network;
    private final ComputationGraph stock;
    private final ComputationGraph precise;
    private final CompiledNetwork compiled;
    private final float[] images;
    private final int[] labels;
    private final int size;

    Example(ComputationGraph network, InputShape input, int size)
        throws UnsupportedNetworkException {
      this.input = input;
      this.network = network;
      this.size = size;
      stir(network);
      stock = network.clone();
      precise = network.convertDataType(DataType.DOUBLE);
      compiled = CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of());
      Random random = new Random(7);
      images = new float[size * input.values()];
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) random.nextGaussian();
      }
      labels = random.ints(size, 0, input.classes()).toArray();
    }

    /** Makes every parameter matter: zeros of biases and running statistics hide mistakes. */
    private static void stir(ComputationGraph network) {
      Random random = new Random(3);
      network
          .paramTable()
          .forEach(
              (name, values) -> {
                if (!name.endsWith("_W")) {
                  for (long i = 0; i < values.length(); i++) {
                    double base = name.endsWith("_gamma") || name.endsWith("_var") ? 1 : 0;
                    values.putScalar(i, base + 0.3 * random.nextDouble());
                  }
                }
              });
    }

    void assertAgrees() {
      assertThat(compiled.gradient(Images.of(images), Targets.ofClasses(labels), size, 1))
          .isCloseTo(
              new LayerwisePropagation(stock, input, "")
                  .gradient(Images.of(images), Targets.ofClasses(labels), size, 1),
              org.assertj.core.data.Offset.offset(FLOAT_ROUNDING));
      preciseGradient();
      Map<String, INDArray> expected = stock.gradient().gradientForVariable();
      Map<String, INDArray> reference = precise.gradient().gradientForVariable();
      double largest = precise.getFlattenedGradients().amaxNumber().doubleValue();
      for (String name : expected.keySet()) {
        INDArray actual = part(name);
        // Gradients that cancel out, as those of a bias before a normalisation, are zero in
        // doubles;
        // in floats they are the rounding of terms that are larger than any gradient.
        boolean cancels = reference.get(name).amaxNumber().doubleValue() < 1e-9 * largest;
        double least = (cancels ? 0.1 : 0.02) * largest;
        assertThat(difference(expected.get(name), actual, least))
            .as("gradient of %s against floats", name)
            .isLessThan(FLOAT_ROUNDING);
        assertThat(difference(reference.get(name), actual, least))
            .as("gradient of %s against doubles", name)
            .isLessThan(FLOAT_ROUNDING);
      }
      INDArray probabilities =
          Nd4j.createFromArray(compiled.probabilities(Images.of(images), size))
              .reshape(size, input.classes());
      assertThat(difference(stock.outputSingle(array()), probabilities, 0))
          .as("probabilities against floats")
          .isLessThan(FLOAT_ROUNDING);
      assertThat(
              difference(precise.outputSingle(array().castTo(DataType.DOUBLE)), probabilities, 0))
          .as("probabilities against doubles")
          .isLessThan(FLOAT_ROUNDING);
    }

    private void preciseGradient() {
      precise.setInput(0, array().castTo(DataType.DOUBLE));
      precise.setLabel(0, oneHot());
      precise.computeGradientAndScore();
    }

    INDArray array() {
      return Nd4j.create(
          images, new long[] {size, input.channels(), input.height(), input.width()}, 'c');
    }

    INDArray oneHot() {
      INDArray oneHot = Nd4j.zeros(DataType.DOUBLE, size, input.classes());
      for (int i = 0; i < size; i++) {
        oneHot.putScalar(i, labels[i], 1);
      }
      return oneHot;
    }

    /** The compiled network's gradient of one parameter, as the network itself sees it. */
    private INDArray part(String name) {
      INDArray parameter = network.paramTable().get(name);
      INDArray flat = network.getFlattenedGradients().reshape(network.numParams());
      long from = parameter.offset();
      return flat.get(
              org.nd4j.linalg.indexing.NDArrayIndex.interval(from, from + parameter.length()))
          .dup()
          .reshape(parameter.ordering(), parameter.shape());
    }

    @Override
    public void close() {
      compiled.close();
    }
  }

  private static double difference(INDArray expected, INDArray actual, double leastScale) {
    INDArray precise = expected.castTo(DataType.DOUBLE);
    double scale = Math.max(precise.amaxNumber().doubleValue(), leastScale);
    return precise
            .sub(actual.castTo(DataType.DOUBLE).reshape(precise.shape()))
            .amaxNumber()
            .doubleValue()
        / scale;
  }

  private static ComputationGraph model(String name, InputShape input) {
    Map<String, Object> options =
        name.startsWith("resnet") ? Map.<String, Object>of("width", 8) : Map.<String, Object>of();
    return Models.create(new ComponentSettings(name, options), input, 5);
  }

  @ParameterizedTest
  @CsvSource({
    "linear, 7, 9, 2, 4",
    "mlp, 8, 8, 1, 3",
    "lenet-5, 28, 28, 1, 8",
    "lenet-5, 12, 17, 3, 1",
    "lenet-5, 21, 14, 4, 5",
    "resnet-20, 32, 32, 3, 4",
    "resnet-20, 9, 13, 3, 3",
    "resnet-32, 8, 8, 1, 2"
  })
  void everyModelIsThatOfTheStockLayers(
      String model, int height, int width, int channels, int batch) throws Exception {
    InputShape input = new InputShape(height, width, channels, CLASSES);
    try (Example example = new Example(model(model, input), input, batch)) {
      example.assertAgrees();
    }
  }

  private static ComputationGraph graph(
      InputShape input, int firstChannels, ConvolutionLayer.Builder second, boolean bias) {
    return graph(input, firstChannels, second.hasBias(bias).build());
  }

  /** A pointwise convolution, so that the second one needs a gradient of its input. */
  private static ComputationGraph graph(
      InputShape input, int firstChannels, org.deeplearning4j.nn.conf.layers.Layer second) {
    return build(
        builder()
            .addInputs("images")
            .addLayer(
                "first",
                new ConvolutionLayer.Builder(1, 1)
                    .nOut(firstChannels)
                    .activation(Activation.TANH)
                    .build(),
                "images")
            .addLayer("second", second, "first")
            .addLayer("output", output(), "second")
            .setOutputs("output"),
        input);
  }

  private static ComputationGraphConfiguration.GraphBuilder builder() {
    return new NeuralNetConfiguration.Builder()
        .seed(4)
        .dataType(DataType.FLOAT)
        .updater(new NoOp())
        .weightInit(WeightInit.XAVIER)
        .activation(Activation.IDENTITY)
        .graphBuilder();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
        .nOut(CLASSES)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static ComputationGraph build(
      ComputationGraphConfiguration.GraphBuilder graph, InputShape input) {
    ComputationGraph network =
        new ComputationGraph(
            graph
                .setInputTypes(
                    InputType.convolutional(input.height(), input.width(), input.channels()))
                .build());
    network.init();
    return network;
  }

  /** All combinations, thinned to every seventh, which leaves each value many times. */
  static Stream<Arguments> convolutions() {
    List<Arguments> all = new ArrayList<>();
    for (int[] kernel : new int[][] {{1, 1}, {3, 3}, {7, 7}, {2, 5}}) {
      for (int stride : new int[] {1, 2, 3}) {
        for (int dilation : new int[] {1, 2}) {
          for (int channels : new int[] {1, 3, 8, 17, 67}) {
            for (int filters : new int[] {1, 5, 16, 67}) {
              for (ConvolutionMode mode : List.of(ConvolutionMode.Truncate, ConvolutionMode.Same)) {
                if (mode == ConvolutionMode.Same && kernel[0] < stride) {
                  continue; // negative padding, which Deeplearning4j refuses
                }
                for (int batch : new int[] {1, 3}) {
                  all.add(
                      Arguments.of(
                          kernel[0],
                          kernel[1],
                          stride,
                          dilation,
                          channels,
                          filters,
                          mode,
                          batch,
                          all.size() % 2 == 0));
                }
              }
            }
          }
        }
      }
    }
    return java.util.stream.IntStream.range(0, all.size())
        .filter(i -> i % 7 == 0)
        .mapToObj(all::get);
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void aConvolutionOfAnyShape(
      int height,
      int width,
      int stride,
      int dilation,
      int channels,
      int filters,
      ConvolutionMode mode,
      int batch,
      boolean bias)
      throws Exception {
    InputShape input = new InputShape(15, 13, 2, CLASSES);
    ConvolutionLayer.Builder layer =
        new ConvolutionLayer.Builder(height, width)
            .stride(stride, stride)
            .dilation(dilation, dilation)
            .convolutionMode(mode)
            .nOut(filters)
            .activation(bias ? Activation.RELU : Activation.SIGMOID);
    if (mode != ConvolutionMode.Same) {
      layer.padding(height / 2, width / 2);
    }
    try (Example example = new Example(graph(input, channels, layer, bias), input, batch)) {
      example.assertAgrees();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MAX, 2, 2, 0, 8, Truncate",
    "MAX, 3, 2, 1, 17, Truncate",
    "MAX, 3, 1, 0, 3, Same",
    "AVG, 2, 2, 0, 8, Truncate",
    "AVG, 3, 2, 1, 67, Truncate",
    "AVG, 5, 3, 2, 1, Truncate"
  })
  void aPoolingOfAnyShape(
      PoolingType type, int kernel, int stride, int padding, int channels, ConvolutionMode mode)
      throws Exception {
    InputShape input = new InputShape(11, 9, 3, CLASSES);
    SubsamplingLayer layer =
        new SubsamplingLayer.Builder(type)
            .kernelSize(kernel, kernel)
            .stride(stride, stride)
            .padding(padding, padding)
            .convolutionMode(mode)
            .build();
    try (Example example = new Example(graph(input, channels, layer), input, 3)) {
      example.assertAgrees();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"AVG", "MAX"})
  void aGlobalPooling(PoolingType type) throws Exception {
    InputShape input = new InputShape(7, 5, 3, CLASSES);
    try (Example example =
        new Example(graph(input, 17, new GlobalPoolingLayer.Builder(type).build()), input, 3)) {
      example.assertAgrees();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "3, 1", "8, 4", "17, 3", "67, 2"})
  void aBatchNormalisationOfAnyWidth(int channels, int batch) throws Exception {
    InputShape input = new InputShape(7, 5, 3, CLASSES);
    BatchNormalization layer =
        new BatchNormalization.Builder().decay(0.8).eps(1e-3).useLogStd(false).build();
    try (Example example = new Example(graph(input, channels, layer), input, batch)) {
      example.assertAgrees();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, 3, 1, 1",
    "16, 1, 3, 2, 1",
    "8, 2, 2, 1, 2",
    "17, 3, 3, 1, 1",
    "32, 1, 5, 2, 1",
  })
  void convolutionsInGroupsOfAnyShape(
      int channels, int multiplier, int kernel, int stride, int dilation) throws Exception {
    InputShape input = new InputShape(12, 11, 3, CLASSES);
    DepthwiseConvolution2D.Builder depthwise = new DepthwiseConvolution2D.Builder();
    SeparableConvolution2D.Builder separable = new SeparableConvolution2D.Builder();
    for (ConvolutionLayer layer :
        List.of(
            depthwise
                .depthMultiplier(multiplier)
                .kernelSize(kernel, kernel)
                .stride(stride, stride)
                .dilation(dilation, dilation)
                .activation(Activation.RELU)
                .build(),
            separable
                .depthMultiplier(multiplier)
                .kernelSize(kernel, kernel)
                .stride(stride, stride)
                .dilation(dilation, dilation)
                .nOut(9)
                .activation(Activation.TANH)
                .build())) {
      try (Example example = new Example(graph(input, channels, layer), input, 2)) {
        example.assertAgrees();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8, 8, 1, 3, 2",
    "8, 1, 2, 7, 5",
    "16, 4, 3, 8, 8",
    "32, 32, 2, 5, 1",
    "32, 2, 1, 1, 6",
    "6, 3, 4, 5, 4",
    "17, 1, 3, 3, 3",
    "48, 3, 5, 4, 2",
    "1, 1, 2, 6, 6",
  })
  void aGroupNormalisationOfAnyShape(int channels, int groups, int batch, int height, int width)
      throws Exception {
    InputShape input = new InputShape(height, width, 3, CLASSES);
    for (Activation function : List.of(Activation.IDENTITY, Activation.RELU, Activation.TANH)) {
      ComputationGraph network =
          build(
              builder()
                  .addInputs("images")
                  .addLayer(
                      "c", new ConvolutionLayer.Builder(1, 1).nOut(channels).build(), "images")
                  .addLayer("norm", new GroupNormalization(groups, 1e-3), "c")
                  .addLayer("a", new ActivationLayer(function), "norm")
                  .addLayer("output", output(), "a")
                  .setOutputs("output"),
              input);
      try (Example example = new Example(network, input, batch)) {
        example.assertAgrees();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RELU",
        "LEAKYRELU",
        "ELU",
        "TANH",
        "SIGMOID",
        "IDENTITY",
        "SWISH",
        "GELU",
        "SOFTPLUS",
        "MISH"
      })
  void everyFunctionBehindEveryOperation(Activation function) throws Exception {
    InputShape input = new InputShape(8, 8, 3, CLASSES);
    ActivationLayer layer = new ActivationLayer(function);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer("c1", new ConvolutionLayer.Builder(3, 3).nOut(9).build(), "images")
                .addLayer("a1", layer, "c1")
                .addLayer(
                    "pool",
                    new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build(),
                    "a1")
                .addLayer("norm", new BatchNormalization.Builder().useLogStd(false).build(), "pool")
                .addLayer("a2", layer, "norm")
                .addLayer(
                    "c2",
                    new ConvolutionLayer.Builder(1, 1).nOut(9).activation(function).build(),
                    "a2")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a2", "c2")
                .addLayer("a3", layer, "sum")
                .addLayer("dense", new DenseLayer.Builder().nOut(6).build(), "a3")
                .addLayer("a4", layer, "dense")
                .addLayer("output", output(), "a4")
                .setOutputs("output"),
            input);
    try (Example example = new Example(network, input, 4)) {
      example.assertAgrees();
    }
  }

  @Test
  void aSumOfThreeOfWhichOneIsTheImages() throws Exception {
    InputShape input = new InputShape(6, 6, 3, CLASSES);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer("a", new ConvolutionLayer.Builder(1, 1).nOut(3).build(), "images")
                .addLayer("b", new ConvolutionLayer.Builder(1, 1).nOut(3).build(), "a")
                .addVertex(
                    "sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b", "images")
                .addLayer("c", new ConvolutionLayer.Builder(1, 1).nOut(3).build(), "sum")
                .addVertex("again", new ElementWiseVertex(ElementWiseVertex.Op.Add), "sum", "c")
                .addLayer("output", output(), "again")
                .setOutputs("output"),
            input);
    try (Example example = new Example(network, input, 2)) {
      example.assertAgrees();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 12, 16, 20})
  void aFunctionOfASumOfThree(int channels) throws Exception {
    InputShape input = new InputShape(6, 6, 3, CLASSES);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer("first", new ConvolutionLayer.Builder(3, 3).nOut(16).build(), "images")
                .addLayer("a", padded(channels), "first")
                .addLayer("b", padded(channels), "first")
                .addLayer("c", padded(channels), "a")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b", "c")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "sum")
                .addVertex("two", new ElementWiseVertex(ElementWiseVertex.Op.Add), "b", "relu")
                .addLayer("again", new ActivationLayer(Activation.RELU), "two")
                .addLayer("output", output(), "again")
                .setOutputs("output"),
            input);
    try (Example example = new Example(network, input, 2)) {
      example.assertAgrees();
    }
  }

  private static ConvolutionLayer padded(int filters) {
    return new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(filters).build();
  }

  @ParameterizedTest
  @CsvSource({"8, 16", "16, 8", "3, 5", "8, 12", "17, 8", "16, 16", "1, 1"})
  void aConcatenationOfAnyWidths(int first, int second) throws Exception {
    InputShape input = new InputShape(6, 5, 3, CLASSES);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer("a", new ConvolutionLayer.Builder(3, 3).nOut(first).build(), "images")
                .addLayer("b", new ConvolutionLayer.Builder(1, 1).nOut(second).build(), "a")
                .addLayer("c", new ConvolutionLayer.Builder(1, 1).nOut(3).build(), "b")
                .addVertex("two", new MergeVertex(), "a", "b")
                .addLayer("d", new ConvolutionLayer.Builder(1, 1).nOut(7).build(), "two")
                .addVertex("three", new MergeVertex(), "two", "c", "d")
                .addLayer("output", output(), "three")
                .setOutputs("output"),
            input);
    try (Example example = new Example(network, input, 2)) {
      example.assertAgrees();
    }
  }

  /** Three read the first convolution: the gate, what is gated, and the sum. */
  @ParameterizedTest
  @CsvSource({"8, 1", "16, 3", "5, 2", "48, 2", "1, 2"})
  void aGateOfSqueezeAndExcitationOfAnyWidth(int channels, int batch) throws Exception {
    InputShape input = new InputShape(6, 5, 3, CLASSES);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer(
                    "a",
                    new ConvolutionLayer.Builder(3, 3)
                        .nOut(channels)
                        .activation(Activation.SWISH)
                        .build(),
                    "images")
                .addLayer(
                    "squeeze",
                    new GlobalPoolingLayer.Builder(PoolingType.AVG)
                        .collapseDimensions(false)
                        .build(),
                    "a")
                .addLayer(
                    "excite",
                    new ConvolutionLayer.Builder(1, 1)
                        .nOut(channels)
                        .activation(Activation.SIGMOID)
                        .build(),
                    "squeeze")
                .addVertex("gated", new ChannelScale(), "a", "excite")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "gated", "a")
                .addLayer("output", output(), "sum")
                .setOutputs("output"),
            input);
    try (Example example = new Example(network, input, batch)) {
      example.assertAgrees();
      assertThat(ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson()))
          .isEqualTo(network.getConfiguration());
    }
  }

  @Test
  void channelsAreScaledByAsManyNumbersOnly() {
    assertThatThrownBy(() -> new ChannelScale().getOutputType(0, InputType.convolutional(4, 4, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot scale channels: expected images, and images of one pixel and as many channels");
  }

  @Test
  void theImagesBesideWhatIsMadeOfThem() throws Exception {
    InputShape input = new InputShape(6, 5, 3, CLASSES);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer(
                    "a", new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(8).build(), "images")
                .addVertex("both", new MergeVertex(), "images", "a")
                .addLayer("output", output(), "both")
                .setOutputs("output"),
            input);
    try (Example example = new Example(network, input, 2)) {
      example.assertAgrees();
    }
  }

  @Test
  void theDoublesThatItIsComparedWithPassDeeplearning4jsGradientCheck() throws Exception {
    InputShape input = new InputShape(5, 5, 2, CLASSES);
    ConvolutionLayer.Builder layer =
        new ConvolutionLayer.Builder(3, 3).nOut(2).stride(2, 2).activation(Activation.TANH);
    try (Example example = new Example(graph(input, 2, layer, true), input, 2)) {
      DataType before = Nd4j.defaultFloatingPointType();
      Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
      try {
        assertThat(
                GradientCheckUtil.checkGradients(
                    new GradientCheckUtil.GraphConfig()
                        .net(example.precise)
                        .inputs(new INDArray[] {example.array().castTo(DataType.DOUBLE)})
                        .labels(new INDArray[] {example.oneHot()})
                        .print(GradientCheckUtil.PrintMode.ZEROS)))
            .isTrue();
      } finally {
        Nd4j.setDefaultDataTypes(before, before);
      }
      example.assertAgrees();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 150})
  void answersDoNotDependOnHowABatchIsCut(int size) throws Exception {
    InputShape input = new InputShape(8, 8, 3, CLASSES);
    try (Example example = new Example(model("resnet-20", input), input, size)) {
      float[] together = example.compiled.probabilities(Images.of(example.images), size);
      for (int i = 0; i < size; i += 21) {
        float[] image =
            Arrays.copyOfRange(example.images, i * input.values(), (i + 1) * input.values());
        assertThat(example.compiled.probabilities(Images.of(image), 1))
            .usingComparatorWithPrecision(1e-6f)
            .containsExactly(Arrays.copyOfRange(together, i * CLASSES, (i + 1) * CLASSES));
      }
    }
  }

  @Test
  void changedParametersAreSeenOnceItIsSaid() throws Exception {
    InputShape input = new InputShape(8, 8, 3, CLASSES);
    try (Example example = new Example(model("resnet-20", input), input, 3)) {
      example.assertAgrees();
      for (ComputationGraph each : List.of(example.network, example.stock, example.precise)) {
        each.params().muli(0.9);
      }
      example.compiled.parametersChanged();
      example.assertAgrees();
    }
  }

  @Test
  void convolutionsByWinogradsAlgorithmAgree() throws Exception {
    InputShape input = new InputShape(18, 18, 3, CLASSES);
    ComponentSettings settings = new ComponentSettings("resnet-9", Map.of("width", 32));
    int size = 12;
    Graph graph = GraphReader.read(Models.configuration(settings, input), input);
    try (Plan training = new Plan(size, true, Precision.FLOAT32, ParameterMemory.nowhere());
        Example example = new Example(Models.create(settings, input, 3), input, size)) {
      assertThat(convolutions(graph, node -> Winograd.pays(node, training.batchSize(), training)))
          .isNotEmpty();
      example.assertAgrees();
    }
  }

  /** Some are read in tiles and otherwise, some gradients come in tiles and otherwise. */
  @ParameterizedTest
  @CsvSource({"16, 12, 8, true", "18, 12, 8, false"})
  void valuesThatStayInTilesAgree(int height, int width, int size, boolean areWhole)
      throws Exception {
    InputShape input = new InputShape(height, width, 3, CLASSES);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer("first", padded(32), "images")
                .addLayer("a", padded(32), "first")
                .addLayer("normal", new BatchNormalization.Builder().useLogStd(false).build(), "a")
                .addLayer("sigmoid", new ActivationLayer(Activation.SIGMOID), "normal")
                .addLayer("wider", new ConvolutionLayer.Builder(1, 1).nOut(64).build(), "sigmoid")
                .addLayer("b", padded(64), "sigmoid")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "wider", "b")
                .addLayer("tanh", new ActivationLayer(Activation.TANH), "sum")
                .addLayer("c", padded(64), "tanh")
                .addLayer(
                    "pooled",
                    new SubsamplingLayer.Builder(PoolingType.AVG, new int[] {3, 3})
                        .stride(1, 1)
                        .padding(1, 1)
                        .build(),
                    "tanh")
                .addVertex(
                    "all", new ElementWiseVertex(ElementWiseVertex.Op.Add), "c", "tanh", "pooled")
                .addLayer("output", output(), "all")
                .setOutputs("output"),
            input);
    Graph graph = GraphReader.read(network.getConfiguration(), input);
    try (Plan training = new Plan(size, true, Precision.FLOAT32, ParameterMemory.nowhere());
        Plan inference = new Plan(size, false, Precision.FLOAT32, ParameterMemory.nowhere());
        Example example = new Example(network, input, size)) {
      assertThat(TiledValues.of(Fusion.forTraining(graph), training))
          .isEqualTo(
              areWhole && OneDnn.hasAvx2()
                  ? Set.of("a", "normal", "sigmoid", "b", "tanh")
                  : Set.of());
      assertThat(TiledValues.of(Fusion.forInference(graph.inference()), inference))
          .isEqualTo(areWhole && OneDnn.hasAvx2Alone() ? Set.of("sigmoid", "tanh") : Set.of());
      example.assertAgrees();
    }
  }

  /**
   * With AVX-512, where rows of so many results do not end with a whole number of blocks; with AVX2
   * for so few filters.
   */
  @ParameterizedTest
  @CsvSource({
    "3, 3, 32, 16, 16, Same",
    "3, 3, 30, 17, 12, Same",
    "5, 4, 29, 20, 5, Same",
    "2, 3, 34, 16, 16, Truncate",
    "1, 3, 60, 33, 1, Same"
  })
  void convolutionsThatAreTurnedAgree(
      int kernelHeight, int kernelWidth, int width, int channels, int filters, ConvolutionMode mode)
      throws Exception {
    InputShape input = new InputShape(7, width, 2, CLASSES);
    ConvolutionLayer.Builder layer =
        new ConvolutionLayer.Builder(kernelHeight, kernelWidth)
            .convolutionMode(mode)
            .nOut(filters)
            .activation(Activation.IDENTITY);
    ComputationGraph network = graph(input, channels, layer, false);
    Graph graph = GraphReader.read(network.getConfiguration(), input);
    int size = 3;
    try (Plan training = new Plan(size, true, Precision.FLOAT32, ParameterMemory.nowhere());
        Example example = new Example(network, input, size)) {
      assertThat(convolutions(graph, node -> TurnedConvolution.pays(node, training)))
          .hasSize(OneDnn.hasAvx2() ? 1 : 0);
      example.assertAgrees();
    }
  }

  /** With AVX2, with biases of normalisations, sums and functions behind them. */
  @Test
  void foldedConvolutionsThatAreTurnedAgree() throws Exception {
    InputShape input = new InputShape(9, 10, 3, CLASSES);
    ComponentSettings settings = ComponentSettings.defaults("resnet-20");
    Graph graph = GraphReader.read(Models.configuration(settings, input), input);
    int size = 3;
    try (Plan inference = new Plan(size, false, Precision.FLOAT32, ParameterMemory.nowhere());
        Example example = new Example(Models.create(settings, input, 5), input, size)) {
      assertThat(convolutions(graph, node -> TurnedConvolution.paysBeforeMore(node, inference)))
          .hasSize(OneDnn.hasAvx2Alone() ? 6 : 0);
      example.assertAgrees();
    }
  }

  private static List<ConvolutionNode> convolutions(Graph graph, Predicate<ConvolutionNode> asked) {
    return graph.nodes().stream()
        .filter(ConvolutionNode.class::isInstance)
        .map(ConvolutionNode.class::cast)
        .filter(asked)
        .toList();
  }

  @Test
  void dropoutIsKeyedAndKeepsTheMean() throws Exception {
    InputShape input = new InputShape(12, 12, 1, CLASSES);
    ComputationGraph network =
        Models.create(
            new ComponentSettings("lenet-5", Map.of("hidden", List.of(400), "dropout", 0.5)),
            input,
            5);
    try (Example example = new Example(network, input, 16)) {
      double first =
          example.compiled.gradient(
              Images.of(example.images), Targets.ofClasses(example.labels), 16, 1);
      float[] gradient = network.getFlattenedGradients().toFloatVector();
      double other =
          example.compiled.gradient(
              Images.of(example.images), Targets.ofClasses(example.labels), 16, 2);
      assertThat(other).isNotEqualTo(first);
      assertThat(
              example.compiled.gradient(
                  Images.of(example.images), Targets.ofClasses(example.labels), 16, 1))
          .isEqualTo(first);
      assertThat(network.getFlattenedGradients().toFloatVector()).isEqualTo(gradient);
    }
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void aMaskKeepsItsShareAndTheMean() throws Exception {
    InputShape input = new InputShape(4, 4, 1, CLASSES);
    ParameterMemory parameters = new ParameterMemory(model("linear", input));
    try (Plan plan = new Plan(50, true, Precision.FLOAT32, parameters)) {
      Tensor ones = plan.keep(plan.allocate(OneDnn.plainLayout(50, 400)));
      double keep = 0.7;
      DropoutNode node = new DropoutNode("dropped", List.of("x"), new KeyedDropout(keep), 3);
      Stage<Plan, Tensor> stage = Stages.add(node, plan, List.of(ones));
      plan.keep(stage.output());
      Gradients<Tensor> gradients = plan.gradients(Set.of());
      Tensor gradient = plan.keep(plan.allocate(ones.layout()));
      stage.backward(plan, gradient, gradients);
      Tensor inputGradient = plan.keep(gradients.take("x"));
      plan.arrange();
      plan.allocate();
      ones.values().put(filled(50 * 400, 1));
      gradient.values().put(filled(50 * 400, 2));
      float[] values = new float[50 * 400];
      float[] slopes = new float[50 * 400];
      plan.setDropoutKeys(5);
      plan.run();
      stage.output().values().get(values);
      inputGradient.values().get(slopes);
      int kept = 0;
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).isIn(0f, (float) (1 / keep));
        assertThat(slopes[i]).isEqualTo(2 * values[i]);
        kept += values[i] == 0 ? 0 : 1;
      }
      // Five standard deviations of a binomial.
      double deviation = Math.sqrt(values.length * keep * (1 - keep));
      assertThat(kept)
          .isBetween(
              (int) (values.length * keep - 5 * deviation),
              (int) (values.length * keep + 5 * deviation));
    }
  }

  @Test
  void droppedValuesHaveNoGradient() throws Exception {
    // With the mask fixed by its key, the loss is an ordinary, here a smooth, function.
    InputShape input = new InputShape(8, 8, 2, CLASSES);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(3, 3).nOut(9).activation(Activation.TANH).build(),
                    "images")
                .addLayer(
                    "dense",
                    new DenseLayer.Builder()
                        .nOut(30)
                        .dropOut(0.7)
                        .activation(Activation.TANH)
                        .build(),
                    "conv")
                .addLayer("dropped", new DropoutLayer(0.6), "dense")
                .addLayer("output", output(), "dropped")
                .setOutputs("output"),
            input);
    try (Example example = new Example(network, input, 8)) {
      example.compiled.gradient(Images.of(example.images), Targets.ofClasses(example.labels), 8, 9);
      INDArray direction =
          Nd4j.createFromArray(
                  new Random(2).doubles(network.numParams()).map(v -> v - 0.5).toArray())
              .castTo(DataType.FLOAT);
      double slope =
          network
                  .getFlattenedGradients()
                  .reshape(network.numParams())
                  .mul(direction)
                  .sumNumber()
                  .doubleValue()
              / 8;
      double step = 1e-3;
      INDArray start = network.params().dup();
      network.params().assign(start.add(direction.mul(step)));
      double up =
          example.compiled.gradient(
              Images.of(example.images), Targets.ofClasses(example.labels), 8, 9);
      network.params().assign(start.sub(direction.mul(step)));
      double down =
          example.compiled.gradient(
              Images.of(example.images), Targets.ofClasses(example.labels), 8, 9);
      assertThat((up - down) / (2 * step))
          .isCloseTo(slope, org.assertj.core.data.Percentage.withPercentage(1));
    }
  }

  /** Configured for all layers, as one may; stock layers without noise give the same gradient. */
  @Test
  void onlyLayersThatDropValuesInDeeplearning4jDropThemHere() throws Exception {
    InputShape input = new InputShape(10, 10, 2, CLASSES);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(3, 3).nOut(9).hasBias(false).build(),
                    "images")
                .addLayer(
                    "norm",
                    new BatchNormalization.Builder().useLogStd(false).dropOut(0.5).build(),
                    "conv")
                .addLayer(
                    "function",
                    new ActivationLayer.Builder().activation(Activation.TANH).dropOut(0.5).build(),
                    "norm")
                .addLayer(
                    "pool",
                    new SubsamplingLayer.Builder(PoolingType.AVG)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .dropOut(0.5)
                        .build(),
                    "function")
                .addLayer(
                    "global",
                    new GlobalPoolingLayer.Builder(PoolingType.AVG).dropOut(0.5).build(),
                    "pool")
                .addLayer("output", output(), "global")
                .setOutputs("output"),
            input);
    try (Example example = new Example(network, input, 4)) {
      example.assertAgrees();
      assertThat(example.compiled.hasDropout()).isFalse();
    }
  }

  @Test
  void theSameBitsOnAnyThread() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Callable<float[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        tasks.add(CompiledNetworkTest::gradientOfResNet);
      }
      float[] here = gradientOfResNet();
      for (Future<float[]> there : threads.invokeAll(tasks)) {
        assertThat(there.get()).isEqualTo(here);
      }
    } finally {
      threads.shutdown();
    }
  }

  private static float[] gradientOfResNet() throws Exception {
    InputShape input = new InputShape(16, 16, 3, CLASSES);
    try (Example example = new Example(model("resnet-20", input), input, 6)) {
      example.compiled.gradient(Images.of(example.images), Targets.ofClasses(example.labels), 6, 1);
      return example.network.getFlattenedGradients().toFloatVector();
    }
  }

  @Test
  void manyBatchSizesOneAfterTheOther() throws Exception {
    InputShape input = new InputShape(12, 12, 1, CLASSES);
    try (Example example = new Example(model("lenet-5", input), input, 9)) {
      double[] losses = new double[10];
      for (int round = 0; round < 2; round++) {
        for (int size = 1; size <= 9; size++) {
          double loss =
              example.compiled.gradient(
                  Images.of(example.images), Targets.ofClasses(example.labels), size, 1);
          if (round == 0) {
            losses[size] = loss;
          } else {
            assertThat(loss).isEqualTo(losses[size]);
          }
        }
      }
    }
  }

  @Test
  void whatIsNotKnownIsNotCompiled() {
    InputShape input = new InputShape(6, 6, 3, CLASSES);
    ComputationGraph network =
        build(
            builder()
                .addInputs("images")
                .addLayer("a", new ConvolutionLayer.Builder(1, 1).nOut(3).build(), "images")
                .addLayer("b", new ConvolutionLayer.Builder(1, 1).nOut(3).build(), "images")
                .addVertex("both", new ElementWiseVertex(ElementWiseVertex.Op.Product), "a", "b")
                .addLayer("output", output(), "both")
                .setOutputs("output"),
            input);
    assertThatThrownBy(
            () -> CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of()))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessage("both is no sum and no maximum");
    ComputationGraph softsign =
        graph(
            input,
            3,
            new ConvolutionLayer.Builder(1, 1).nOut(3).activation(Activation.SOFTSIGN).build());
    assertThatThrownBy(
            () -> CompiledNetwork.compile(softsign, input, Precision.FLOAT32, false, Set.of()))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("second has the function softsign");
  }
}
