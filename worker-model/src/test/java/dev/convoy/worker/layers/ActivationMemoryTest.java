package dev.convoy.worker.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.ActivationMemory;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;

class ActivationMemoryTest {
  /** The network's output for other batch sizes: float sums, blocked otherwise. */
  private static final double FLOAT_ROUNDING = 1e-6;

  private static final int CLASSES = 4;

  /** A convolution of 5 x 5 without padding leaves 508 x 508 of 512 x 512. */
  @Test
  void asManyImagesAsTheLargestLayerHasRoomFor() {
    ComputationGraph network = network(new InputShape(512, 512, 3, CLASSES), 8, 1);
    int expected = (int) ((256L << 20) / (4L * 8 * 508 * 508));
    assertThat(ActivationMemory.imagesAtOnce(network, new InputShape(512, 512, 3, CLASSES)))
        .isEqualTo(expected)
        .isBetween(30, 40);
  }

  @Test
  void smallImagesAreNotCut() {
    InputShape input = new InputShape(32, 32, 3, CLASSES);
    assertThat(ActivationMemory.imagesAtOnce(network(input, 64, 64), input)).isGreaterThan(256);
  }

  @Test
  void answersInPartsAreThoseOfTheWhole() {
    InputShape input = new InputShape(12, 12, 1, CLASSES);
    ComputationGraph network = network(input, 3, 4);
    Random random = new Random(1);
    int size = 7;
    float[] images = new float[(size + 1) * input.values()];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    long[] keys = random.longs(size).toArray();
    LayerwisePropagation whole = new LayerwisePropagation(network, input, "whole", size);
    LayerwisePropagation parts = new LayerwisePropagation(network, input, "parts", 3);
    assertClose(
        parts.probabilities(Images.of(images), size), whole.probabilities(Images.of(images), size));
    assertClose(
        parts.sampledProbabilities(Images.of(images), keys, size),
        whole.sampledProbabilities(Images.of(images), keys, size));
  }

  private static void assertClose(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(FLOAT_ROUNDING));
    }
  }

  private static ComputationGraph network(InputShape input, int... filters) {
    return Models.create(
        new ComponentSettings(
            "lenet-5",
            Map.of(
                "filters", Arrays.stream(filters).boxed().toList(),
                "hidden", List.of(4),
                "dropout", 0.5)),
        input,
        3);
  }
}
