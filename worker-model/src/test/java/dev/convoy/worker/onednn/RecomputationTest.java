package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecomputationTest {
  private static final int BATCH = 6;
  private static final int CLASSES = 5;

  @ParameterizedTest
  @CsvSource({
    "resnet-20, 32, 0.6",
    "plain-20, 32, 0.8",
    "densenet-bc-40-12, 32, 0.5",
    "googlenet, 64, 0.8",
    "wide-resnet-16-4, 32, 0.75",
  })
  void gradientsAreTheSameBitsInLessMemory(String model, int side, double share) throws Exception {
    compare(new ComponentSettings(model, Map.of()), side, Precision.FLOAT32, share);
  }

  @ParameterizedTest
  @CsvSource({"wide-resnet-16-4, 32", "densenet-bc-40-12, 32"})
  void whatIsDroppedIsDroppedAgain(String model, int side) throws Exception {
    compare(new ComponentSettings(model, Map.of("dropout", 0.5)), side, Precision.FLOAT32, 1);
  }

  @ParameterizedTest
  @CsvSource({"resnet-20, 32, 0.7", "densenet-bc-40-12, 32, 0.6"})
  void bfloat16IsComputedAgainToo(String model, int side, double share) throws Exception {
    compare(new ComponentSettings(model, Map.of()), side, Precision.BFLOAT16, share);
  }

  private static void compare(ComponentSettings model, int side, Precision precision, double share)
      throws Exception {
    InputShape input = new InputShape(side, side, 3, CLASSES);
    float[] pixels = new float[BATCH * input.values()];
    Random random = new Random(1);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    ComputationGraph network = Models.create(model, input, 1);
    network.initGradientsView();
    float[] kept = gradient(network, input, pixels, precision, false);
    float[] recomputed = gradient(network, input, pixels, precision, true);
    assertThat(Arrays.mismatch(recomputed, kept)).as("the first value that differs").isEqualTo(-1);
    var configuration = network.getConfiguration();
    long before = CompiledNetwork.trainingBytes(configuration, input, 64, precision, false, false);
    long after = CompiledNetwork.trainingBytes(configuration, input, 64, precision, true, false);
    assertThat((double) after / before).isLessThanOrEqualTo(share);
  }

  /** The loss, and then the gradient. */
  private static float[] gradient(
      ComputationGraph network,
      InputShape input,
      float[] pixels,
      Precision precision,
      boolean recomputes)
      throws Exception {
    network.getFlattenedGradients().assign(0);
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, precision, recomputes, Set.of())) {
      int[] labels = {0, 1, 2, 3, 4, 0};
      double loss = compiled.gradient(Images.of(pixels), Targets.ofClasses(labels), BATCH, 7);
      float[] gradient = network.getFlattenedGradients().toFloatVector();
      float[] all = new float[gradient.length + 1];
      all[0] = (float) loss;
      System.arraycopy(gradient, 0, all, 1, gradient.length);
      return all;
    }
  }
}
