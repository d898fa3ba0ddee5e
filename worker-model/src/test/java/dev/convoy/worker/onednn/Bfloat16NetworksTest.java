package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Whole networks in bfloat16 beside the same in single precision. Of deep networks with batch
 * normalisation and random parameters, rounding decides the gradients in any precision: PyTorch's
 * ResNet-50 in bfloat16 agrees with its own in single precision by a cosine of 0.15 (16 images of
 * 64 pixels). What they learn is told by {@code ArchitectureBehaviourTest}.
 */
class Bfloat16NetworksTest {
  private static final int CLASSES = 4;
  private static final int SIZE = 16;

  @BeforeEach
  void theProcessorMultipliesBfloat16() {
    assumeThat(CompiledNetwork.available(Precision.BFLOAT16)).isEqualTo(Precision.BFLOAT16);
  }

  private static Stream<String> names() {
    return SmallModels.representatives().stream();
  }

  /** What a network makes of a batch. */
  private record Answers(double loss, float[] gradient, float[] probabilities) {
    static Answers of(String name, Precision precision) throws Exception {
      InputShape input = SmallModels.input(name, 3, CLASSES);
      ComputationGraph network = Models.create(SmallModels.narrow(name), input, 1);
      float[] pixels = new float[SIZE * input.values()];
      Random random = new Random(5);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) random.nextGaussian();
      }
      int[] labels = random.ints(SIZE, 0, CLASSES).toArray();
      try (CompiledNetwork compiled =
          CompiledNetwork.compile(network, input, precision, false, Set.of())) {
        double loss = compiled.gradient(Images.of(pixels), Targets.ofClasses(labels), SIZE, 3);
        INDArray gradient = network.getFlattenedGradients();
        return new Answers(
            loss, gradient.data().asFloat(), compiled.probabilities(Images.of(pixels), SIZE));
      }
    }
  }

  /** Those whose gradients single precision itself does not decide by rounding. */
  private static Stream<String> wellConditioned() {
    return Stream.of(
        "linear",
        "perceptron",
        "mlp",
        "lenet-5",
        "lenet-5-1998",
        "alexnet",
        "alexnet-2012",
        "vgg-11",
        "resnet-9",
        "resnet-20",
        "wide-resnet-16-4",
        "layers");
  }

  @ParameterizedTest
  @MethodSource("wellConditioned")
  void aNetworkAnswersAndLearnsAlmostTheSame(String name) throws Exception {
    Answers expected = Answers.of(name, Precision.FLOAT32);
    Answers actual = Answers.of(name, Precision.BFLOAT16);
    assertThat(actual.loss()).isCloseTo(expected.loss(), within(0.01 * expected.loss()));
    assertThat(cosine(actual.gradient(), expected.gradient())).isGreaterThan(0.95);
    assertThat(largestDifference(actual.probabilities(), expected.probabilities()))
        .isLessThan(0.02);
    assertThat(actual.gradient()).isNotEqualTo(expected.gradient());
  }

  @ParameterizedTest
  @MethodSource("names")
  void theSameBitsComeAgain(String name) throws Exception {
    Answers first = Answers.of(name, Precision.BFLOAT16);
    Answers second = Answers.of(name, Precision.BFLOAT16);
    assertThat(second.loss()).isEqualTo(first.loss());
    assertThat(second.gradient()).isEqualTo(first.gradient());
    assertThat(second.probabilities()).isEqualTo(first.probabilities());
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

  private static double largestDifference(float[] first, float[] second) {
    double largest = 0;
    for (int i = 0; i < first.length; i++) {
      largest = Math.max(largest, Math.abs(first[i] - second[i]));
    }
    return largest;
  }
}
