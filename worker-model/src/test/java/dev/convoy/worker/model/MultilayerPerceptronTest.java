package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;

class MultilayerPerceptronTest {
  private static final InputShape INPUT = new InputShape(4, 4, 1, 2);

  @Test
  void aFunctionAloneIsThatOfTheLayer() {
    assertThat(dense(network(Map.of())).getActivationFn()).isEqualTo(new ActivationReLU());
    ComputationGraph network = network(Map.of("activation", "sigmoid"));
    assertThat(dense(network).getActivationFn()).isEqualTo(new ActivationSigmoid());
    assertThat(network.getNumLayers()).isEqualTo(3);
  }

  @Test
  void aNormalizationStandsBetweenTheWeightsAndTheFunction() throws Exception {
    ComputationGraph network = network(Map.of("activation", "sigmoid", "normalization", "batch"));
    assertThat(dense(network).hasBias()).isFalse();
    assertThat(network.getLayer("dense2-norm").conf().getLayer())
        .isInstanceOf(BatchNormalization.class);
    assertThat(network.getConfiguration().getVertexInputs())
        .containsEntry("dense1-norm", List.of("dense1"))
        .containsEntry("dense1-relu", List.of("dense1-norm"))
        .containsEntry("dense2", List.of("dense1-relu"))
        .containsEntry("output", List.of("dense2-relu"));
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, INPUT, Precision.FLOAT32, false, Set.of())) {
      assertThat(compiled).as("a chain of primitives").isNotNull();
    }
  }

  @Test
  void theWeightsOfHiddenLayersHaveTheDeviation() {
    Map<String, Object> wide = Map.of("name", "normal", "deviation", 3);
    ComputationGraph network =
        network(Map.of("initialization", wide, "hidden", List.of(100, 100, 50)));
    for (String layer : List.of("dense2", "dense3")) {
      // 5,000 draws or more: the deviation is within 1 % in two cases of three.
      assertThat(network.getParam(layer + "_W").stdNumber().doubleValue())
          .isCloseTo(3, within(0.15));
    }
    assertThat(network.getParam("output_W").stdNumber().doubleValue()).isLessThan(0.5);
  }

  @Test
  void whatNormalisesChannelsAloneIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(Map.of("normalization", "local-response")))
        .withMessageContaining(
            "normalization.name = local-response: expected one of batch, group, layer, none, weight");
  }

  private static DenseLayer dense(ComputationGraph network) {
    return (DenseLayer) network.getLayer("dense1").conf().getLayer();
  }

  private static ComputationGraph network(Map<String, Object> options) {
    return Models.create(new ComponentSettings("mlp", options), INPUT, 1);
  }
}
