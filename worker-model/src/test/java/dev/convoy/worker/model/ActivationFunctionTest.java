package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.optimizer.Segment;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The family; what its members compute is shown by {@code LayerKindsTest}. */
class ActivationFunctionTest {
  private static final InputShape INPUT = new InputShape(6, 5, 2, 3);

  private static Iterable<String> names() {
    return ActivationFunction.FAMILY.names();
  }

  private static ComputationGraphConfiguration network(ComponentSettings function) {
    var sketch =
        new NetworkSketch(INPUT).then("conv", new ConvolutionLayer.Builder(2, 2).nOut(4).build());
    var images =
        org.deeplearning4j.nn.conf.inputs.InputType.convolutional(
            sketch.rows(), sketch.columns(), sketch.channels());
    return sketch
        .then("function", ActivationFunction.FAMILY.create(function).layer(images))
        .classify();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyFunctionCanBeReadAsAGraph(String name) {
    assertThatCode(() -> GraphReader.read(network(ComponentSettings.defaults(name)), INPUT))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyFunctionIsSavedWithItsNetwork(String name) {
    ComputationGraphConfiguration saved = network(ComponentSettings.defaults(name));
    assertThat(ComputationGraphConfiguration.fromJson(saved.toJson())).isEqualTo(saved);
  }

  @ParameterizedTest
  @CsvSource({
    "vgg-11, dense1, dense2",
    "googlenet, auxiliary1-dense, auxiliary2-dense",
  })
  void fullyConnectedLayersHaveTheFunctionOfTheNetwork(String model, String first, String second) {
    assertThat(List.of(functionOf(Map.of(), model, first), functionOf(Map.of(), model, second)))
        .containsOnly(new ActivationReLU());
    Map<String, Object> tanh = Map.of("activation", "tanh");
    assertThat(List.of(functionOf(tanh, model, first), functionOf(tanh, model, second)))
        .containsOnly(new ActivationTanH());
    ComputationGraphConfiguration learned = small(Map.of("activation", "prelu"), model);
    assertThat(layer(learned, first + "-relu")).isInstanceOf(PReLULayer.class);
  }

  private static IActivation functionOf(Map<String, Object> options, String model, String layer) {
    return ((DenseLayer) layer(small(options, model), layer)).getActivationFn();
  }

  private static Layer layer(ComputationGraphConfiguration network, String name) {
    return ((LayerVertex) network.getVertices().get(name)).getLayerConf().getLayer();
  }

  private static ComputationGraphConfiguration small(Map<String, Object> options, String model) {
    return Models.configuration(SmallModels.narrow(model, options), SmallModels.input(model, 2, 3));
  }

  @Test
  void aParametricRectifierBeginsWithItsSlopeAndNeverDecays() {
    ComponentSettings settings = new ComponentSettings("prelu", Map.of("slope", 0.1));
    ComputationGraph network = ParameterInitialization.drawn(network(settings), 1);
    INDArray slopes = network.getParam("function_W");
    assertThat(slopes.length()).isEqualTo(4);
    assertThat(slopes.ravel().toFloatVector()).containsOnly(0.1f);
    assertThat(Segment.of(network).stream().filter(part -> part.layer().equals("function")))
        .extracting(Segment::kind)
        .containsExactly(Segment.Kind.SCALE);
  }
}
