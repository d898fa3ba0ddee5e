package dev.convoy.worker.reference;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import dev.convoy.worker.model.layer.ChannelScale;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;

/** Compiled networks, and graphs whose nodes were joined, against the formulas. */
class ReferenceNetworkTest {
  private static Named<NetworkExample.Maker> of(ComponentSettings model) {
    InputShape input = SmallModels.input(model.name(), 2, NetworkExample.CLASSES);
    return Named.of(
        model.toString(), () -> new NetworkExample(Models.create(model, input, 5), input));
  }

  /** A function behind layers of every kind that can apply it. */
  private static Named<NetworkExample.Maker> of(Activation function) {
    InputShape input = new InputShape(9, 8, 2, NetworkExample.CLASSES);
    return Named.of(
        function.name(),
        () ->
            new NetworkExample(
                NetworkExample.network(
                    input,
                    new ConvolutionLayer.Builder(3, 3).nOut(5).activation(function).build(),
                    new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).build(),
                    new ActivationLayer(function),
                    new DenseLayer.Builder().nOut(6).activation(function).build()),
                input));
  }

  /** Convolutions in groups, with and without what is folded into them in inference. */
  private static Named<NetworkExample.Maker> ofGroups(int channels, int multiplier) {
    InputShape input = new InputShape(9, 8, 2, NetworkExample.CLASSES);
    return Named.of(
        channels + " channels, " + multiplier + " filters each",
        () ->
            new NetworkExample(
                NetworkExample.network(
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
  private static Named<NetworkExample.Maker> gate(int channels) {
    InputShape input = new InputShape(9, 8, channels, NetworkExample.CLASSES);
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
          return new NetworkExample(NetworkExample.classifying(graph, "gated", input), input);
        });
  }

  /** Every kind of layer and function that no model has. */
  static Stream<Named<NetworkExample.Maker>> networks() {
    Stream<Named<NetworkExample.Maker>> functions =
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
    Stream<Named<NetworkExample.Maker>> groups =
        Stream.of(ofGroups(1, 3), ofGroups(5, 1), ofGroups(16, 2), ofGroups(8, 3));
    Stream<Named<NetworkExample.Maker>> gates = Stream.of(gate(3), gate(16));
    return Stream.of(models().map(ReferenceNetworkTest::of), functions, groups, gates)
        .flatMap(Function.identity());
  }

  /**
   * Models as narrow as they can be, and with dropout where they have any. Deeper ones amplify
   * rounding where a few images are normalised by their own statistics; they are compared with
   * torchvision's.
   */
  static Stream<ComponentSettings> models() {
    List<ComponentSettings> all = new ArrayList<>();
    Stream.of("linear", "perceptron", "mlp", "lenet-5", "lenet-5-1998", "vgg-11", "plain-20")
        .forEach(name -> all.add(SmallModels.narrow(name)));
    Stream.of("alexnet", "alexnet-2012", "resnet-9", "resnet-20", "densenet-bc-40-12")
        .forEach(name -> all.add(SmallModels.narrow(name)));
    all.add(SmallModels.narrow("resnet-20", Map.of("version", "2", "stochastic-depth", 0.5)));
    all.add(SmallModels.narrow("resnet-20", Map.of("shortcuts", "padding")));
    all.add(SmallModels.narrow("alexnet-2012", Map.of("groups", 2)));
    all.add(new ComponentSettings("densenet-bc-40-12", Map.of("growth", 8)));
    all.add(new ComponentSettings("lenet-5", Map.of("dropout", 0.4)));
    all.add(new ComponentSettings("resnet-20", Map.of("width", 5, "dropout", 0.2)));
    all.add(new ComponentSettings("resnet-20", Map.of("width", 16, "normalization", "group")));
    all.add(new ComponentSettings("densenet-bc-40-12", Map.of("normalization", "group")));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theGradientOfACompiledNetworkIsThatOfTheFormulas(NetworkExample.Maker maker)
      throws Exception {
    maker.make().assertCompiledGradient();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theAnswersOfACompiledNetworkAreThoseOfTheFormulas(NetworkExample.Maker maker)
      throws Exception {
    maker.make().assertCompiledAnswers();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void joiningNodesChangesNothingButRounding(NetworkExample.Maker maker) throws Exception {
    maker.make().assertJoiningChangesNothing();
  }
}
