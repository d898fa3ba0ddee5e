package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.model.initialization.Initializations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInitNormal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InitializedArchitectureTest {
  private static final Map<String, Object> NORMAL = Map.of("name", "normal", "deviation", 0.25);
  private static final Initialization INITIALIZATION =
      Initializations.FAMILY.create(ComponentSettings.of(NORMAL));

  /** Of some thousand draws and more. */
  private static final double SAMPLING = 0.03;

  static List<String> networks() {
    return Models.FAMILY.names().stream()
        .filter(name -> Models.FAMILY.member(name).option("initialization").isPresent())
        .toList();
  }

  @Test
  void everyNetworkWithHiddenLayersHasTheOptionAndWrittenLayersEachTheirOwn() {
    assertThat(Models.FAMILY.names())
        .filteredOn(name -> !networks().contains(name))
        .containsExactly("layers", "linear", "perceptron");
  }

  private static ComponentSettings drawnNormal(String name) {
    Map<String, Object> options = new HashMap<>(SmallModels.narrow(name).options());
    options.put("initialization", NORMAL);
    return new ComponentSettings(name, options);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void itIsThatOfEveryLayerButTheClassifiers(String name) {
    ComputationGraphConfiguration network =
        Models.configuration(drawnNormal(name), SmallModels.input(name, 3, 10));
    int drawn = 0;
    for (var vertex : network.getVertices().entrySet()) {
      if (vertex.getValue() instanceof LayerVertex made
          && made.getLayerConf().getLayer() instanceof BaseLayer layer
          && !layer.initializer().weightKeys(layer).isEmpty()) {
        boolean classifies = network.getNetworkOutputs().contains(vertex.getKey());
        assertThat(layer.getWeightInitFn())
            .as(vertex.getKey())
            .isEqualTo(classifies ? new WeightInitNormal() : INITIALIZATION.scheme());
        drawn += classifies ? 0 : 1;
      }
    }
    assertThat(drawn).isPositive();
  }

  @Test
  void weightsAreDrawnInIt() {
    ComputationGraph network = Models.create(drawnNormal("resnet-20"), input(), 1);
    double squares = 0;
    long count = 0;
    for (var parameter : network.paramTable().entrySet()) {
      if (parameter.getKey().endsWith("_W") && !parameter.getKey().equals("output_W")) {
        for (float weight : parameter.getValue().dup('c').data().asFloat()) {
          squares += (double) weight * weight;
          count++;
        }
      }
    }
    assertThat(count).isGreaterThan(10_000);
    assertThat(Math.sqrt(squares / count)).isEqualTo(0.25, within(SAMPLING * 0.25));
  }

  private static InputShape input() {
    return SmallModels.input("resnet-20", 3, 10);
  }

  @Test
  void withoutItWeightsAreThoseOfTheNetwork() {
    Map<String, Object> options = new HashMap<>(SmallModels.narrow("resnet-20").options());
    options.put("initialization", "he");
    ComputationGraph he = Models.create(new ComponentSettings("resnet-20", options), input(), 1);
    ComputationGraph own = Models.create(SmallModels.narrow("resnet-20"), input(), 1);
    assertThat(own.params()).isEqualTo(he.params());
  }
}
