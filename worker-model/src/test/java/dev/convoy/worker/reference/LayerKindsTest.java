package dev.convoy.worker.reference;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.ActivationFunction;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.layer.AdaptivePooling;
import dev.convoy.worker.model.layer.ExactGelu;
import dev.convoy.worker.model.layer.FrozenBatchNormalization;
import dev.convoy.worker.model.layer.GroupNormalization;
import dev.convoy.worker.model.layer.GroupedConvolution;
import dev.convoy.worker.model.layer.OriginalDropout;
import dev.convoy.worker.model.layer.StepFunction;
import dev.convoy.worker.model.layer.StochasticDepth;
import dev.convoy.worker.model.layer.WeightNormalizedConvolution;
import dev.convoy.worker.reference.NetworkExample.Maker;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * Every kind of layer that no model of the tests has: compiled, by the formulas, and as
 * Deeplearning4j computes it.
 */
class LayerKindsTest {
  private static final InputShape INPUT = new InputShape(9, 8, 2, NetworkExample.CLASSES);

  /** Layers behind a convolution of so many channels, so that they have to tell its gradient. */
  private static Named<Maker> behind(int channels, String name, Layer... layers) {
    Layer[] all = new Layer[layers.length + 1];
    all[0] = new ConvolutionLayer.Builder(1, 1).nOut(channels).activation(Activation.TANH).build();
    System.arraycopy(layers, 0, all, 1, layers.length);
    return Named.of(
        name + " of " + channels + " channels",
        () -> new NetworkExample(NetworkExample.network(INPUT, all), INPUT));
  }

  private static GroupedConvolution.Builder grouped(int kernel, int groups, int filters) {
    return new GroupedConvolution.Builder(kernel, kernel).groups(groups).nOut(filters);
  }

  private static Layer normalised(int filters, Activation function) {
    return WeightNormalizedConvolution.of(
        new ConvolutionLayer.Builder(3, 2).nOut(filters).activation(function).build());
  }

  static Stream<Named<Maker>> convolutions() {
    return Stream.of(
        behind(6, "3 groups", grouped(3, 3, 9).activation(Activation.RELU).build()),
        behind(8, "8 groups", grouped(3, 8, 8).stride(2, 2).padding(1, 1).build()),
        behind(16, "a group", grouped(2, 1, 5).build()),
        behind(
            32,
            "normalised groups",
            grouped(3, 2, 32).padding(1, 1).hasBias(false).build(),
            new BatchNormalization.Builder().useLogStd(false).build(),
            new ActivationLayer(Activation.RELU)),
        behind(
            64,
            "groups of four channels",
            grouped(3, 16, 64).padding(1, 1).hasBias(false).build(),
            new BatchNormalization.Builder().useLogStd(false).build(),
            new ActivationLayer(Activation.RELU),
            grouped(3, 8, 64).padding(1, 1).activation(Activation.TANH).build()),
        behind(3, "normalised weights", normalised(5, Activation.RELU)),
        behind(16, "normalised weights", normalised(16, Activation.TANH)),
        behind(16, "narrow groups", grouped(3, 4, 16).dilation(2, 2).build()));
  }

  /**
   * Kinds of which Deeplearning4j computes no gradient: that of local responses divides by the
   * scale of a value, not of the neighbour that it comes from, and PReLU fails where 64 values or
   * more share a slope.
   */
  static Stream<Named<Maker>> withoutGradientInDeeplearning4j() {
    ActivationFunction prelu =
        ActivationFunction.FAMILY.create(ComponentSettings.defaults("prelu"));
    LocalResponseNormalization ofAlexNet =
        new LocalResponseNormalization.Builder().n(5).k(2).alpha(0.3).beta(0.75).build();
    LocalResponseNormalization other =
        new LocalResponseNormalization.Builder().n(3).k(1).alpha(0.7).beta(0.5).build();
    return Stream.of(
        behind(3, "prelu", prelu.layer(InputType.convolutional(9, 8, 3))),
        behind(16, "prelu", prelu.layer(InputType.convolutional(9, 8, 16))),
        behind(3, "local response", ofAlexNet),
        behind(8, "local response", ofAlexNet),
        behind(16, "local response", ofAlexNet),
        behind(32, "local response", ofAlexNet),
        behind(16, "narrow local response", other));
  }

  static Stream<Named<Maker>> poolings() {
    return Stream.of(
        behind(3, "a regular mean", new AdaptivePooling(PoolingType.AVG, 3, 4)),
        behind(8, "an irregular mean", new AdaptivePooling(PoolingType.AVG, 4, 3)),
        behind(16, "a mean of repeated pixels", new AdaptivePooling(PoolingType.AVG, 13, 20)),
        behind(5, "a mean of all", new AdaptivePooling(PoolingType.AVG, 1, 1)),
        behind(8, "an irregular maximum", new AdaptivePooling(PoolingType.MAX, 4, 3)),
        behind(3, "a maximum of repeated pixels", new AdaptivePooling(PoolingType.MAX, 13, 20)),
        behind(8, "a regular maximum", new AdaptivePooling(PoolingType.MAX, 3, 4)));
  }

  private static DenseLayer dense(int units) {
    return new DenseLayer.Builder().nOut(units).build();
  }

  static Stream<Named<Maker>> normalizations() {
    BatchNormalization batch = new BatchNormalization.Builder().useLogStd(false).build();
    return Stream.of(
        behind(3, "layer", new GroupNormalization(1, 1e-3), applying(new ActivationReLU())),
        behind(16, "layer", new GroupNormalization(1, 1e-3)),
        behind(5, "instance", GroupNormalization.ofChannels(1e-3)),
        behind(16, "instance", GroupNormalization.ofChannels(1e-3)),
        behind(3, "layer of vectors", dense(12), new GroupNormalization(1, 1e-3)),
        behind(
            3,
            "groups of vectors",
            dense(24),
            new GroupNormalization(3, 1e-3),
            applying(new ActivationReLU())),
        behind(
            3, "frozen batch", FrozenBatchNormalization.of(batch), applying(new ActivationReLU())),
        behind(
            16, "frozen batch", FrozenBatchNormalization.of(batch), applying(new ActivationTanH())),
        behind(
            3, "frozen batch of vectors", dense(10), FrozenBatchNormalization.of(batch), dense(7)),
        behind(3, "batch of vectors", dense(10), batch, applying(new ActivationReLU()), dense(7)));
  }

  private static ActivationLayer applying(IActivation function) {
    return new ActivationLayer.Builder().activation(function).build();
  }

  /** Behind a convolution, which may apply it; between poolings; and behind a full connection. */
  private static Named<Maker> function(String name, IActivation function) {
    return behind(
        9,
        name,
        new ConvolutionLayer.Builder(2, 2).nOut(8).activation(function).build(),
        new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).build(),
        applying(function),
        new DenseLayer.Builder().nOut(6).activation(function).build());
  }

  static Stream<Named<Maker>> functions() {
    ActivationFunction prelu =
        ActivationFunction.FAMILY.create(ComponentSettings.defaults("prelu"));
    return Stream.of(
        function("selu", new ActivationSELU()),
        function("relu-6", new ActivationReLU6()),
        function("hard-tanh", new ActivationHardTanH()),
        function("hard-sigmoid", new ActivationHardSigmoid()),
        function("exact gelu", new ExactGelu()),
        behind(5, "a step", applying(new StepFunction()), new DenseLayer.Builder().nOut(6).build()),
        behind(
            8,
            "prelu of vectors",
            new DenseLayer.Builder().nOut(7).build(),
            prelu.layer(InputType.feedForward(7))));
  }

  private static Named<Maker> joined(String name, int channels, GraphVertex vertex, int count) {
    return Named.of(
        name + " of " + channels + " channels",
        () -> {
          var graph = NetworkExample.builder();
          String[] branches = new String[count];
          for (int i = 0; i < count; i++) {
            branches[i] = "branch" + i;
            graph.addLayer(
                branches[i], new ConvolutionLayer.Builder(2, 2).nOut(channels).build(), "images");
          }
          graph.addVertex("joined", vertex, branches);
          graph.addLayer("behind", applying(new ActivationTanH()), "joined");
          return new NetworkExample(NetworkExample.classifying(graph, "behind", INPUT), INPUT);
        });
  }

  /** Whose gradients come together. */
  private static Named<Maker> branchesOfGroups(int channels, int groups) {
    return Named.of(
        "branches of " + groups + " groups",
        () -> {
          var graph = NetworkExample.builder();
          graph.addLayer("a", new ConvolutionLayer.Builder(1, 1).nOut(channels).build(), "images");
          graph.addLayer("b", grouped(3, groups, channels).padding(1, 1).build(), "a");
          graph.addLayer("c", grouped(3, groups, channels).padding(1, 1).build(), "a");
          graph.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b", "c");
          graph.addLayer("behind", applying(new ActivationReLU()), "sum");
          return new NetworkExample(NetworkExample.classifying(graph, "behind", INPUT), INPUT);
        });
  }

  static Stream<Named<Maker>> vertices() {
    ElementWiseVertex maximum = new ElementWiseVertex(ElementWiseVertex.Op.Max);
    return Stream.of(
        branchesOfGroups(64, 16),
        branchesOfGroups(64, 8),
        joined("maxout of two", 3, maximum, 2),
        joined("maxout of four", 8, maximum, 4),
        joined("a multiple", 5, new ScaleVertex(-0.3), 1));
  }

  static Stream<Named<Maker>> deterministic() {
    return Stream.of(convolutions(), normalizations(), poolings(), functions(), vertices())
        .flatMap(kinds -> kinds);
  }

  private static DenseLayer dense(IDropout dropout) {
    return new DenseLayer.Builder().nOut(6).dropOut(dropout).build();
  }

  static Stream<Named<Maker>> dropouts() {
    return Stream.of(
        behind(8, "stochastic depth", new DropoutLayer(new StochasticDepth(0.4))),
        behind(3, "stochastic depth", new DropoutLayer(new StochasticDepth(0.4))),
        behind(3, "stochastic depth of vectors", dense(null), dense(new StochasticDepth(0.4))),
        behind(8, "alpha dropout", new DropoutLayer(new AlphaDropout(0.8))),
        behind(8, "gaussian dropout", new DropoutLayer(new GaussianDropout(0.3))),
        behind(3, "gaussian dropout of vectors", dense(5), dense(new GaussianDropout(0.3))),
        behind(8, "original dropout", new OriginalDropout(0.3)),
        behind(3, "original dropout of vectors", dense(5), new OriginalDropout(0.3)),
        behind(
            8,
            "dropconnect",
            new ConvolutionLayer.Builder(3, 3).nOut(4).weightNoise(new DropConnect(0.7)).build(),
            new DenseLayer.Builder().nOut(6).weightNoise(new DropConnect(0.6)).build()),
        behind(16, "spatial dropout", new DropoutLayer(new SpatialDropout(0.7))),
        behind(5, "spatial dropout", new DropoutLayer(new SpatialDropout(0.7))));
  }

  static Stream<Named<Maker>> all() {
    return Stream.of(deterministic(), withoutGradientInDeeplearning4j(), dropouts())
        .flatMap(kinds -> kinds);
  }

  @ParameterizedTest
  @MethodSource("all")
  void theGradientOfACompiledNetworkIsThatOfTheFormulas(Maker maker) throws Exception {
    maker.make().assertCompiledGradient();
  }

  @ParameterizedTest
  @MethodSource("all")
  void theAnswersOfACompiledNetworkAreThoseOfTheFormulas(Maker maker) throws Exception {
    maker.make().assertCompiledAnswers();
  }

  @ParameterizedTest
  @MethodSource("all")
  void joiningNodesChangesNothingButRounding(Maker maker) throws Exception {
    maker.make().assertJoiningChangesNothing();
  }

  @ParameterizedTest
  @MethodSource("deterministic")
  void deeplearning4jComputesTheFormulas(Maker maker) throws Exception {
    maker.make().assertDeeplearning4jAgrees();
  }

  /**
   * Its own gradient divides by the scale of the value, not of the neighbour that it comes from.
   */
  @ParameterizedTest
  @MethodSource("normalizations")
  void deeplearning4jAnswersByTheFormulaOfLocalResponses(Maker maker) throws Exception {
    maker.make().assertDeeplearning4jAnswersAlike();
  }

  @ParameterizedTest
  @MethodSource("dropouts")
  void deeplearning4jAnswersWithoutDroppingAnything(Maker maker) throws Exception {
    maker.make().assertDeeplearning4jAnswersAlike();
  }

  @ParameterizedTest
  @MethodSource("all")
  void aSavedConfigurationIsRestored(Maker maker) throws Exception {
    maker.make().assertRestored();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyParameterIsInTheLayerTable(Maker maker) throws Exception {
    maker.make().assertTableHasAllParameters();
  }
}
