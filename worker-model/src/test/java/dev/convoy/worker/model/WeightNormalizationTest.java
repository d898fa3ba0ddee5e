package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.onednn.CompiledNetwork;
import dev.convoy.worker.optimizer.Segment;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What begins of it; what it computes is shown by {@code LayerKindsTest}. */
class WeightNormalizationTest {
  private static final InputShape INPUT = new InputShape(8, 8, 3, 4);

  private static ComputationGraph network(String normalization) {
    Map<String, Object> options = Map.of("width", 6, "normalization", normalization);
    return Models.create(new ComponentSettings("resnet-20", options), INPUT, 3);
  }

  @Test
  void itBeginsAsTheNetworkWithoutIt() throws Exception {
    assertSameAnswers(network("weight"), network("none"), 1e-5f); // of lengths that are floats
  }

  private static void assertSameAnswers(
      ComputationGraph network, ComputationGraph plain, float tolerance) throws Exception {
    float[] pixels = new float[2 * INPUT.values()];
    Random random = new Random(1);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    try (CompiledNetwork normalised =
            CompiledNetwork.compile(network, INPUT, Precision.FLOAT32, false, Set.of());
        CompiledNetwork other =
            CompiledNetwork.compile(plain, INPUT, Precision.FLOAT32, false, Set.of())) {
      float[] expected = other.probabilities(Images.of(pixels), 2);
      float[] actual = normalised.probabilities(Images.of(pixels), 2);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(tolerance));
      }
    }
  }

  @Test
  void theLengthOfAFilterIsAScaleAndItsDirectionAWeight() {
    ComputationGraph network = network("weight");
    INDArray directions = network.getParam("stem-conv_W");
    INDArray lengths = network.getParam("stem-conv_gamma");
    assertThat(lengths.shape()).containsExactly(1, 6);
    double squares = directions.slice(2).mul(directions.slice(2)).sumNumber().doubleValue();
    assertThat(lengths.getDouble(0, 2)).isCloseTo(Math.sqrt(squares), within(1e-6));
    assertThat(Segment.of(network).stream().filter(part -> part.layer().equals("stem-conv")))
        .extracting(Segment::kind)
        .containsExactlyInAnyOrder(Segment.Kind.WEIGHT, Segment.Kind.BIAS, Segment.Kind.SCALE);
  }

  @Test
  void theUnitsOfHiddenLayersHaveLengthsToo() throws Exception {
    Map<String, Object> normalised = Map.of("hidden", List.of(7, 5), "normalization", "weight");
    Map<String, Object> plain = Map.of("hidden", List.of(7, 5));
    ComputationGraph network = Models.create(new ComponentSettings("mlp", normalised), INPUT, 3);
    INDArray directions = network.getParam("dense1_W");
    assertThat(network.getParam("dense1_gamma").shape()).containsExactly(1, 7);
    assertThat(network.getParam("dense1_gamma").getDouble(0, 4))
        .isCloseTo(directions.getColumn(4).norm2Number().doubleValue(), within(1e-5));
    assertSameAnswers(network, Models.create(new ComponentSettings("mlp", plain), INPUT, 3), 1e-5f);
  }
}
