package dev.convoy.worker.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Answers of networks that drop values while they answer. */
class SampledProbabilitiesTest {
  private static final InputShape INPUT = new InputShape(12, 12, 2, 4);
  private static final int CLASSES = INPUT.classes();

  /** Of a probability: floats added in another order. A mask that differs changes far more. */
  private static final float ROUNDING = 2e-6f;

  private final Random random = new Random(9);

  static Stream<Accelerator.Settings> tiers() {
    return Stream.of(Accelerator.Settings.all(), Accelerator.Settings.none());
  }

  private float[] images(int size) {
    float[] values = new float[size * INPUT.values()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] image(float[] images, int index) {
    return Arrays.copyOfRange(images, index * INPUT.values(), (index + 1) * INPUT.values());
  }

  private static float[] answer(float[] probabilities, int index) {
    return Arrays.copyOfRange(probabilities, index * CLASSES, (index + 1) * CLASSES);
  }

  private static GraphBuilder builder() {
    return new NeuralNetConfiguration.Builder()
        .seed(4)
        .updater(new NoOp())
        .activation(Activation.IDENTITY)
        .graphBuilder()
        .addInputs("images");
  }

  private static OutputLayer.Builder output() {
    return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
        .nOut(CLASSES)
        .activation(Activation.SOFTMAX);
  }

  private static ComputationGraph build(GraphBuilder graph) {
    ComputationGraph network =
        new ComputationGraph(
            graph
                .setOutputs("output")
                .setInputTypes(
                    InputType.convolutional(INPUT.height(), INPUT.width(), INPUT.channels()))
                .build());
    network.init();
    return network;
  }

  /** Values dropped in front of everything that drops them, and read twice, and normalised. */
  private static ComputationGraph residual(double keep) {
    ComputationGraph network =
        build(
            builder()
                .addLayer(
                    "first",
                    new ConvolutionLayer.Builder(3, 3).nOut(9).hasBias(false).build(),
                    "images")
                .addLayer(
                    "norm", new BatchNormalization.Builder().useLogStd(false).build(), "first")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "norm")
                .addLayer(
                    "second",
                    new ConvolutionLayer.Builder(1, 1).nOut(9).dropOut(keep).build(),
                    "relu")
                .addLayer(
                    "norm2", new BatchNormalization.Builder().useLogStd(false).build(), "second")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "norm2", "norm")
                .addLayer("relu2", new ActivationLayer(Activation.RELU), "sum")
                .addLayer("dropped", new DropoutLayer(keep), "relu2")
                .addVertex(
                    "again", new ElementWiseVertex(ElementWiseVertex.Op.Add), "dropped", "sum")
                .addLayer(
                    "dense",
                    new DenseLayer.Builder()
                        .nOut(20)
                        .dropOut(keep)
                        .activation(Activation.TANH)
                        .build(),
                    "again")
                .addLayer("output", output().dropOut(keep).build(), "dense"));
    Random random = new Random(3);
    network
        .paramTable()
        .forEach(
            (name, values) -> {
              if (name.endsWith("_mean") || name.endsWith("_var")) {
                for (long i = 0; i < values.length(); i++) {
                  values.putScalar(i, 0.5 + random.nextDouble());
                }
              }
            });
    return network;
  }

  private static ComputationGraph leNet(double dropout) {
    return Models.create(
        new ComponentSettings("lenet-5", Map.of("hidden", List.of(60, 40), "dropout", dropout)),
        INPUT,
        5);
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void withoutDropoutNothingIsSampled(Accelerator.Settings settings) {
    float[] images = images(3);
    for (ComputationGraph network :
        List.of(
            leNet(0),
            Models.create(new ComponentSettings("resnet-20", Map.of("width", 4)), INPUT, 5))) {
      try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
        assertThat(propagation.hasDropout()).isFalse();
        assertThat(propagation.sampledProbabilities(Images.of(images), new long[] {1, 2, 3}, 3))
            .isEqualTo(propagation.probabilities(Images.of(images), 3));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void whatIsDroppedOfAnImageDependsOnItsKeyAlone(Accelerator.Settings settings) {
    int size = 5;
    float[] images = images(size);
    long[] keys = {7, -3, 7, 1L << 40, 0};
    int[] order = {3, 0, 4, 2, 1};
    float[] permuted = new float[images.length];
    long[] permutedKeys = new long[size];
    for (int i = 0; i < size; i++) {
      System.arraycopy(image(images, order[i]), 0, permuted, i * INPUT.values(), INPUT.values());
      permutedKeys[i] = keys[order[i]];
    }
    for (ComputationGraph network : List.of(residual(0.6), leNet(0.4))) {
      try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
        assertThat(propagation.hasDropout()).isTrue();
        float[] together = propagation.sampledProbabilities(Images.of(images), keys, size);
        float[] inOtherOrder =
            propagation.sampledProbabilities(Images.of(permuted), permutedKeys, size);
        for (int i = 0; i < size; i++) {
          assertThat(
                  propagation.sampledProbabilities(
                      Images.of(image(images, i)), new long[] {keys[i]}, 1))
              .usingComparatorWithPrecision(ROUNDING)
              .containsExactly(answer(together, i));
          assertThat(answer(inOtherOrder, i))
              .usingComparatorWithPrecision(ROUNDING)
              .containsExactly(answer(together, order[i]));
        }
        // And the masks matter: else all this would hold without any.
        assertThat(largestDifference(together, propagation.probabilities(Images.of(images), size)))
            .isGreaterThan(1000 * ROUNDING);
      }
    }
  }

  private static float largestDifference(float[] some, float[] others) {
    float largest = 0;
    for (int i = 0; i < some.length; i++) {
      largest = Math.max(largest, Math.abs(some[i] - others[i]));
    }
    return largest;
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void aLongBatchIsCutAndWhatIsBeyondItIsNotRead(Accelerator.Settings settings) {
    int size = 131;
    float[] images = images(size + 1);
    long[] keys = random.longs(size + 1).toArray();
    try (Propagation propagation = Propagations.of(leNet(0.4), INPUT, settings)) {
      float[] together = propagation.sampledProbabilities(Images.of(images), keys, size);
      assertThat(together).hasSize(size * CLASSES);
      for (int i : new int[] {0, 63, 64, 127, 128, 130}) {
        assertThat(
                propagation.sampledProbabilities(
                    Images.of(image(images, i)), new long[] {keys[i]}, 1))
            .usingComparatorWithPrecision(ROUNDING)
            .containsExactly(answer(together, i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void theSameKeyIsTheSameBitsAndAnotherKeyIsNot(Accelerator.Settings settings) {
    float[] images = images(1);
    for (ComputationGraph network : List.of(residual(0.6), leNet(0.4))) {
      try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
        float[] first = propagation.sampledProbabilities(Images.of(images), new long[] {5}, 1);
        float[] other = propagation.sampledProbabilities(Images.of(images), new long[] {6}, 1);
        assertThat(largestDifference(first, other)).isGreaterThan(1000 * ROUNDING);
        assertThat(propagation.sampledProbabilities(Images.of(images), new long[] {5}, 1))
            .isEqualTo(first);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void whoeverSamplesGivesTheSameAnswers(Accelerator.Settings settings) {
    float[] images = images(6);
    long[] keys = LongStream.range(20, 26).toArray();
    for (boolean normalised : new boolean[] {true, false}) {
      ComputationGraph network = normalised ? residual(0.6) : leNet(0.4);
      try (Propagation propagation = Propagations.of(network, INPUT, settings);
          Propagation stock =
              Propagations.of(network.clone(), INPUT, Accelerator.Settings.none())) {
        assertThat(propagation.sampledProbabilities(Images.of(images), keys, 6))
            .usingComparatorWithPrecision(ROUNDING)
            .containsExactly(stock.sampledProbabilities(Images.of(images), keys, 6));
      }
    }
  }

  /**
   * Of w·(m x) / keep + b, where m is 1 with the probability keep and else 0, the mean is w·x + b,
   * and the variance is (1 - keep) / keep Σ (w x)². A difference of logits is such a sum, and is
   * the logarithm of the ratio of two probabilities.
   */
  @ParameterizedTest
  @MethodSource("tiers")
  void logitsOfALinearNetworkHaveTheMeanAndVarianceOfTheTheory(Accelerator.Settings settings) {
    int samples = 4000;
    double keep = 0.7;
    ComputationGraph network =
        build(builder().addLayer("output", output().dropOut(keep).build(), "images"));
    network.paramTable().get("output_W").muli(0.5); // no probability so small that it is rounded
    float[] image = images(1);
    float[] copies = new float[samples * image.length];
    for (int i = 0; i < samples; i++) {
      System.arraycopy(image, 0, copies, i * image.length, image.length);
    }
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      // Neighbouring keys, as callers like to count.
      float[] sampled =
          propagation.sampledProbabilities(
              Images.of(copies), LongStream.range(0, samples).toArray(), samples);
      float[] plain = propagation.probabilities(Images.of(image), 1);
      INDArray weights = network.paramTable().get("output_W");
      for (int label = 1; label < CLASSES; label++) {
        int other = label - 1;
        double variance = 0;
        for (int i = 0; i < image.length; i++) {
          double term = image[i] * (weights.getDouble(i, label) - weights.getDouble(i, other));
          variance += (1 - keep) / keep * term * term;
        }
        double mean = Math.log(plain[label] / plain[other]);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < samples; i++) {
          double logit = Math.log(sampled[i * CLASSES + label] / sampled[i * CLASSES + other]);
          sum += logit - mean;
          squares += (logit - mean) * (logit - mean);
        }
        // Five standard deviations of the mean and of the variance of so many normal numbers.
        assertThat(sum / samples).isCloseTo(0, within(5 * Math.sqrt(variance / samples)));
        assertThat(squares / samples)
            .isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / samples)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void batchNormalisationUsesItsRunningStatisticsAndNothingIsChanged(
      Accelerator.Settings settings) {
    int size = 4;
    float[] images = images(size);
    float[] imagesBefore = images.clone();
    int[] labels = {0, 1, 2, 3};
    long[] keys = {1, 2, 3, 4};
    // So seldom that nothing at all is dropped here: what is left is the normalisation.
    ComputationGraph network = residual(1 - 1e-9);
    float[] parameters = network.params().toFloatVector();
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      double loss = propagation.gradient(Images.of(images), Targets.ofClasses(labels), size, 1);
      float[] gradient = network.getFlattenedGradients().toFloatVector();
      float[] sampled = propagation.sampledProbabilities(Images.of(images), keys, size);
      assertThat(sampled)
          .usingComparatorWithPrecision(ROUNDING)
          .containsExactly(propagation.probabilities(Images.of(images), size));
      double lossOfSampled = 0;
      for (int i = 0; i < size; i++) {
        lossOfSampled -= Math.log(sampled[i * CLASSES + labels[i]]) / size;
      }
      assertThat(lossOfSampled).isNotCloseTo(loss, within(0.01)); // that of the batch's statistics

      assertThat(network.params().toFloatVector()).isEqualTo(parameters);
      assertThat(images).isEqualTo(imagesBefore);
      assertThat(keys).containsExactly(1, 2, 3, 4);
      assertThat(propagation.gradient(Images.of(images), Targets.ofClasses(labels), size, 1))
          .isEqualTo(loss);
      assertThat(network.getFlattenedGradients().toFloatVector()).isEqualTo(gradient);

      network.paramTable().get("norm_mean").addi(1);
      propagation.parametersChanged();
      assertThat(
              largestDifference(
                  sampled, propagation.sampledProbabilities(Images.of(images), keys, size)))
          .isGreaterThan(0.01f);
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void noiseThatIsNotDrawnFromKeysIsRefused(Accelerator.Settings settings) {
    ComputationGraph network =
        build(
            builder()
                .addLayer(
                    "noisy",
                    new DenseLayer.Builder()
                        .nOut(6)
                        .dropOut(
                            new GaussianNoise(
                                new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 0.3).build()))
                        .build(),
                    "images")
                .addLayer("output", output().dropOut(0.5).build(), "noisy"));
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      assertThatThrownBy(
              () -> propagation.sampledProbabilities(Images.of(images(1)), new long[] {1}, 1))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage(
              "Cannot sample answers: expected no noise but dropout with a fixed probability,"
                  + " found GaussianNoise in noisy.");
    }
  }
}
