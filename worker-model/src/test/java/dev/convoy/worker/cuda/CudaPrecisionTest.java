package dev.convoy.worker.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks on a simulated GPU in bfloat16, and with values computed again, beside float32. */
class CudaPrecisionTest {
  private static final int CLASSES = 4;
  private static final int SIZE = 8;

  /** What a network makes of a batch, in the third run of its plan. */
  private record Answers(double loss, float[] gradient, float[] probabilities) {
    static Answers of(String name, Precision precision, boolean recomputes)
        throws UnsupportedNetworkException {
      InputShape input = SmallModels.input(name, 3, CLASSES);
      ComputationGraph network = Models.create(SmallModels.narrow(name), input, 1);
      float[] pixels = new float[SIZE * input.values()];
      Random random = new Random(5);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) random.nextGaussian();
      }
      int[] labels = random.ints(SIZE, 0, CLASSES).toArray();
      Images images = Images.of(pixels);
      try (Propagation gpu =
          new SimulatedGpu().propagation(network, input, precision, recomputes)) {
        double loss = 0;
        for (int i = 0; i < 3; i++) {
          loss = gpu.gradient(images, Targets.ofClasses(labels), SIZE, 3);
        }
        return new Answers(
            loss,
            network.getFlattenedGradients().data().asFloat(),
            gpu.probabilities(images, SIZE));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "lenet-5", "resnet-9", "vgg-11", "alexnet-2012", "layers"})
  void aNetworkAnswersAndLearnsAlmostTheSameInBfloat16(String name) throws Exception {
    Answers expected = Answers.of(name, Precision.FLOAT32, false);
    Answers actual = Answers.of(name, Precision.BFLOAT16, false);
    assertThat(actual.loss()).isCloseTo(expected.loss(), within(0.02 * expected.loss()));
    assertThat(cosine(actual.gradient(), expected.gradient())).isGreaterThan(0.95);
    for (int i = 0; i < expected.probabilities().length; i++) {
      assertThat(actual.probabilities()[i]).isCloseTo(expected.probabilities()[i], within(0.03f));
    }
    assertThat(actual.gradient()).isNotEqualTo(expected.gradient());
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet-9", "resnet-20"})
  void whatIsComputedAgainChangesNoBit(String name) throws Exception {
    Answers kept = Answers.of(name, Precision.FLOAT32, false);
    Answers recomputed = Answers.of(name, Precision.FLOAT32, true);
    assertThat(recomputed.loss()).isEqualTo(kept.loss());
    assertThat(recomputed.gradient()).isEqualTo(kept.gradient());
  }

  /** Of the angle between two vectors. */
  private static double cosine(float[] first, float[] second) {
    double product = 0;
    double ofFirst = 0;
    double ofSecond = 0;
    for (int i = 0; i < first.length; i++) {
      product += (double) first[i] * second[i];
      ofFirst += (double) first[i] * first[i];
      ofSecond += (double) second[i] * second[i];
    }
    return product / Math.sqrt(ofFirst * ofSecond);
  }
}
