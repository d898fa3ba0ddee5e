package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.LayerRates.Unfreezing;
import dev.convoy.worker.optimizer.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way back ends where nothing in front learns. */
class SettledLayersTest {
  private static final int BATCH = 6;

  private static LayerRates frozenUpTo(String layer) {
    return new LayerRates(LayerNames.NONE, new LayerNames(List.of(layer)), 1, Unfreezing.AT_ONCE);
  }

  @ParameterizedTest
  @CsvSource({
    "resnet-20, 32, pool, FLOAT32, false, 0.5",
    "resnet-20, 32, stage2-block1-sum, FLOAT32, false, 0.7",
    "resnet-20, 32, stage2-block1-first-conv, BFLOAT16, false, 0.9",
    "resnet-20, 32, stage2-block2-relu, FLOAT32, true, 1",
    "densenet-bc-40-12, 32, pool, FLOAT32, false, 0.7",
    "plain-20, 32, stage3-block1-relu, FLOAT32, false, 0.7",
  })
  void theGradientsOfWhatLearnsAreTheSameBitsInLessMemory(
      String model, int side, String frozen, Precision precision, boolean recomputes, double share)
      throws Exception {
    InputShape input = new InputShape(side, side, 3, 5);
    ComputationGraph network = Models.create(ComponentSettings.defaults(model), input, 1);
    String layer = existing(network, frozen);
    Set<String> settled = frozenUpTo(layer).settledLayers(network.getConfiguration());
    Set<String> still = frozenUpTo(layer).frozenLayers(network.getConfiguration());
    network.initGradientsView();
    float[] all = gradient(network, input, precision, recomputes, Set.of());
    float[] some = gradient(network, input, precision, recomputes, settled);
    int compared = 0;
    for (Segment segment : Segment.of(network)) {
      int from = (int) segment.offset();
      int to = from + (int) segment.length();
      if (!still.contains(segment.layer())) {
        assertThat(Arrays.copyOfRange(some, from, to))
            .as("%s", segment)
            .isEqualTo(Arrays.copyOfRange(all, from, to));
        compared++;
      } else if (segment.kind() == Segment.Kind.WEIGHT) {
        assertThat(Arrays.copyOfRange(some, from, to)).as("%s", segment).containsOnly(0);
      }
    }
    assertThat(compared).isPositive();
    double whole =
        CompiledNetwork.trainingBytes(
            network.getConfiguration(), input, 64, precision, recomputes, false, Set.of());
    double part =
        CompiledNetwork.trainingBytes(
            network.getConfiguration(), input, 64, precision, recomputes, false, settled);
    assertThat(part / whole).isLessThanOrEqualTo(share);
  }

  /** The layer of that name, or the last that pools. */
  private static String existing(ComputationGraph network, String name) {
    Map<String, ?> vertices = network.getConfiguration().getVertices();
    return vertices.containsKey(name)
        ? name
        : vertices.keySet().stream()
            .filter(one -> one.contains("pool"))
            .reduce((first, second) -> second)
            .orElseThrow();
  }

  private static float[] gradient(
      ComputationGraph network,
      InputShape input,
      Precision precision,
      boolean recomputes,
      Set<String> settled)
      throws Exception {
    float[] pixels = new float[BATCH * input.values()];
    Random random = new Random(1);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    network.getFlattenedGradients().assign(0);
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, precision, recomputes, settled)) {
      compiled.gradient(
          Images.of(pixels), Targets.ofClasses(new int[] {0, 1, 2, 3, 4, 0}), BATCH, 7);
      return network.getFlattenedGradients().toFloatVector();
    }
  }

  @Test
  void whatALearningLayerTakesPartInIsNotSettled() {
    var network =
        Models.create(ComponentSettings.defaults("resnet-20"), new InputShape(32, 32, 3, 5), 1)
            .getConfiguration();
    LayerRates norms =
        new LayerRates(
            new LayerNames(List.of("stem-*", "*-norm")), LayerNames.NONE, 1, Unfreezing.AT_ONCE);
    assertThat(norms.settledLayers(network))
        .containsExactlyInAnyOrder("stem-conv", "stem-norm", "stem-relu");
    assertThat(frozenUpTo("stage2-block1-first-conv").settledLayers(network))
        .contains("stage1-block3-relu", "stage2-block1-first-conv")
        .doesNotContain("stage2-block1-shortcut-conv", "stage2-block1-sum");
    assertThat(LayerRates.ALIKE.settledLayers(network)).isEmpty();
  }
}
