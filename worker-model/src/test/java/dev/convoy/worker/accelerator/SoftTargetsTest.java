package dev.convoy.worker.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Learning distributions over the classes in place of labels. */
class SoftTargetsTest {
  private static final InputShape INPUT = new InputShape(16, 16, 3, 5);
  private static final int CLASSES = INPUT.classes();
  private static final int SIZE = 6;
  private static final long KEY = 11;

  /** As a share of the largest value of a gradient: sums of floats in another order. */
  private static final double FLOAT_ROUNDING = 3e-5;

  private final Random random = new Random(4);
  private final float[] images = gaussians(SIZE * INPUT.values());
  private final int[] labels = random.ints(SIZE, 0, CLASSES).toArray();
  private final float[] targets = distributions();

  private float[] gaussians(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private float[] distributions() {
    float[] values = new float[SIZE * CLASSES];
    for (int row = 0; row < values.length; row += CLASSES) {
      double[] weights = random.doubles(CLASSES, 0.05, 1).toArray();
      double sum = Arrays.stream(weights).sum();
      for (int label = 0; label < CLASSES; label++) {
        values[row + label] = (float) (weights[label] / sum);
      }
    }
    return values;
  }

  private float[] oneHot() {
    float[] values = new float[SIZE * CLASSES];
    for (int example = 0; example < SIZE; example++) {
      values[example * CLASSES + labels[example]] = 1;
    }
    return values;
  }

  /** A loss and its gradient, of which the network keeps the memory. */
  private record Slope(double loss, float[] gradient) {
    static Slope of(ComputationGraph network, double loss) {
      return new Slope(loss, network.getFlattenedGradients().toFloatVector());
    }

    double largest() {
      double largest = 0;
      for (float value : gradient) {
        largest = Math.max(largest, Math.abs(value));
      }
      return largest;
    }
  }

  private static ComputationGraph network(String model) {
    Map<String, Object> options =
        switch (model) {
          case "lenet-5" -> Map.of("dropout", 0.3);
          case "resnet-20" -> Map.of("width", 8);
          default -> Map.of();
        };
    return Models.create(new ComponentSettings(model, options), INPUT, 5);
  }

  static Stream<Arguments> modelsAndTiers() {
    return Stream.of("linear", "lenet-5", "resnet-20")
        .flatMap(model -> tiers().map(settings -> Arguments.of(model, settings)));
  }

  @ParameterizedTest
  @MethodSource("modelsAndTiers")
  void allOfOneClassIsItsLabelToTheLastBit(String model, Accelerator.Settings settings) {
    ComputationGraph network = network(model);
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      Slope hard =
          Slope.of(
              network,
              propagation.gradient(Images.of(images), Targets.ofClasses(labels), SIZE, KEY));
      Slope soft =
          Slope.of(
              network,
              propagation.gradient(
                  Images.of(images), Targets.ofDistributions(oneHot(), CLASSES), SIZE, KEY));
      assertThat(soft.loss()).isEqualTo(hard.loss());
      assertThat(soft.gradient()).isEqualTo(hard.gradient());
      assertThat(hard.largest()).isPositive();
    }
  }

  /** With the same masks and statistics, loss and gradient are linear in the targets. */
  @ParameterizedTest
  @MethodSource("modelsAndTiers")
  void aMixtureOfTargetsHasTheMixtureOfGradients(String model, Accelerator.Settings settings) {
    float share = 0.3f;
    float[] oneHot = oneHot();
    float[] mixture = new float[targets.length];
    for (int i = 0; i < mixture.length; i++) {
      mixture[i] = share * targets[i] + (1 - share) * oneHot[i];
    }
    ComputationGraph network = network(model);
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      Slope hard =
          Slope.of(
              network,
              propagation.gradient(Images.of(images), Targets.ofClasses(labels), SIZE, KEY));
      Slope soft =
          Slope.of(
              network,
              propagation.gradient(
                  Images.of(images), Targets.ofDistributions(targets, CLASSES), SIZE, KEY));
      Slope mixed =
          Slope.of(
              network,
              propagation.gradient(
                  Images.of(images), Targets.ofDistributions(mixture, CLASSES), SIZE, KEY));
      assertThat(mixed.loss())
          .isCloseTo(share * soft.loss() + (1 - share) * hard.loss(), within(FLOAT_ROUNDING));
      double tolerance = FLOAT_ROUNDING * (hard.largest() + soft.largest());
      for (int i = 0; i < mixed.gradient().length; i++) {
        assertThat((double) mixed.gradient()[i])
            .isCloseTo(
                share * soft.gradient()[i] + (1 - share) * hard.gradient()[i], within(tolerance));
      }
      assertThat(soft.loss()).isNotCloseTo(hard.loss(), within(0.01));
    }
  }

  @ParameterizedTest
  @MethodSource("modelsAndTiers")
  void aWeightOfOneIsNoneToTheLastBit(String model, Accelerator.Settings settings) {
    float[] ones = new float[SIZE];
    Arrays.fill(ones, 1);
    ComputationGraph network = network(model);
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      Targets soft = Targets.ofDistributions(targets, CLASSES);
      Slope without = Slope.of(network, propagation.gradient(Images.of(images), soft, SIZE, KEY));
      Slope with =
          Slope.of(
              network, propagation.gradient(Images.of(images), soft.weighted(ones), SIZE, KEY));
      assertThat(with.loss()).isEqualTo(without.loss());
      assertThat(with.gradient()).isEqualTo(without.gradient());
    }
  }

  /** With the same masks and statistics, loss and gradient are linear in the weights. */
  @ParameterizedTest
  @MethodSource("modelsAndTiers")
  void theMeanOfWeightsHasTheMeanOfGradients(String model, Accelerator.Settings settings) {
    float[] some = new float[SIZE];
    float[] rest = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      some[i] = i % 3;
      rest[i] = 2 - some[i];
    }
    Targets hard = Targets.ofClasses(labels);
    ComputationGraph network = network(model);
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      Slope all = Slope.of(network, propagation.gradient(Images.of(images), hard, SIZE, KEY));
      Slope first =
          Slope.of(
              network, propagation.gradient(Images.of(images), hard.weighted(some), SIZE, KEY));
      Slope second =
          Slope.of(
              network, propagation.gradient(Images.of(images), hard.weighted(rest), SIZE, KEY));
      assertThat((first.loss() + second.loss()) / 2)
          .isCloseTo(all.loss(), within(FLOAT_ROUNDING * all.loss()));
      double tolerance = FLOAT_ROUNDING * (first.largest() + second.largest());
      for (int i = 0; i < all.gradient().length; i++) {
        assertThat((first.gradient()[i] + second.gradient()[i]) / 2.0)
            .isCloseTo(all.gradient()[i], within(tolerance));
      }
      assertThat(first.loss()).isNotCloseTo(all.loss(), within(0.01));
    }
  }

  /** Σ w (p - q) for the biases of a linear network, and Σ w l / n for the loss. */
  @ParameterizedTest
  @MethodSource("tiers")
  void weightsMultiplyEachImagesLossAndGradient(Accelerator.Settings settings) {
    float[] weights = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      weights[i] = 0.4f * i;
    }
    ComputationGraph network = network("linear");
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      Slope slope =
          Slope.of(
              network,
              propagation.gradient(
                  Images.of(images),
                  Targets.ofDistributions(targets, CLASSES).weighted(weights),
                  SIZE,
                  KEY));
      float[] probabilities = propagation.probabilities(Images.of(images), SIZE);
      double loss = 0;
      double[] biases = new double[CLASSES];
      for (int i = 0; i < targets.length; i++) {
        float weight = weights[i / CLASSES];
        loss -= weight * targets[i] * Math.log(probabilities[i]) / SIZE;
        biases[i % CLASSES] += weight * (probabilities[i] - targets[i]);
      }
      assertThat(slope.loss()).isCloseTo(loss, within(1e-5));
      for (int label = 0; label < CLASSES; label++) {
        assertThat((double) slope.gradient()[slope.gradient().length - CLASSES + label])
            .isCloseTo(biases[label], within(FLOAT_ROUNDING * slope.largest()));
      }
    }
  }

  static Stream<Accelerator.Settings> tiers() {
    return Stream.of(Accelerator.Settings.all(), Accelerator.Settings.none());
  }

  /** Of a linear network: relu and max pooling have corners. */
  @ParameterizedTest
  @MethodSource("tiers")
  void theLossIsTheCrossEntropyAndItsSlopeTheGradient(Accelerator.Settings settings) {
    ComputationGraph network = network("linear");
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      Slope slope =
          Slope.of(
              network,
              propagation.gradient(
                  Images.of(images), Targets.ofDistributions(targets, CLASSES), SIZE, KEY));
      float[] probabilities = propagation.probabilities(Images.of(images), SIZE);
      double loss = 0;
      for (int i = 0; i < targets.length; i++) {
        loss -= targets[i] * Math.log(probabilities[i]) / SIZE;
      }
      assertThat(slope.loss()).isCloseTo(loss, within(1e-5));

      INDArray direction = Nd4j.createFromArray(gaussians(slope.gradient().length));
      double expected =
          Nd4j.createFromArray(slope.gradient()).mul(direction).sumNumber().doubleValue() / SIZE;
      double step = 1e-3;
      INDArray start = network.params().dup();
      network.params().assign(start.add(direction.mul(step)));
      double up =
          propagation.gradient(
              Images.of(images), Targets.ofDistributions(targets, CLASSES), SIZE, KEY);
      network.params().assign(start.sub(direction.mul(step)));
      double down =
          propagation.gradient(
              Images.of(images), Targets.ofDistributions(targets, CLASSES), SIZE, KEY);
      // The third derivative, and the rounding of two losses divided by the step.
      assertThat((up - down) / (2 * step)).isCloseTo(expected, within(0.002 * Math.abs(expected)));
    }
  }

  @ParameterizedTest
  @MethodSource("modelsAndTiers")
  void whatIsBeyondTheBatchIsNotReadAndNothingIsChanged(
      String model, Accelerator.Settings settings) {
    ComputationGraph network = network(model);
    float[] longer = Arrays.copyOf(targets, targets.length + 3 * CLASSES);
    Arrays.fill(longer, targets.length, longer.length, Float.NaN);
    float[] before = longer.clone();
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      Slope expected =
          Slope.of(
              network,
              propagation.gradient(
                  Images.of(images), Targets.ofDistributions(targets, CLASSES), SIZE, KEY));
      Slope actual =
          Slope.of(
              network,
              propagation.gradient(
                  Images.of(images), Targets.ofDistributions(longer, CLASSES), SIZE, KEY));
      assertThat(actual.loss()).isEqualTo(expected.loss());
      assertThat(actual.gradient()).isEqualTo(expected.gradient());
      assertThat(longer).isEqualTo(before);
    }
  }

  /**
   * Against layers in floats. On small images, so that no value lies so near a relu's corner that
   * rounding decides whether it has a gradient.
   */
  @ParameterizedTest
  @ValueSource(strings = {"linear", "mlp", "lenet-5", "resnet-20"})
  void compiledNetworksAgreeWithStockLayers(String model) {
    Map<String, Object> options = model.equals("resnet-20") ? Map.of("width", 8) : Map.of();
    ComputationGraph network = Models.create(new ComponentSettings(model, options), INPUT, 5);
    ComputationGraph stock = network.clone();
    try (Propagation compiled = Propagations.of(network, INPUT, Accelerator.Settings.all());
        Propagation layerwise = Propagations.of(stock, INPUT, Accelerator.Settings.none())) {
      assertThat(compiled.description()).contains("oneDNN");
      assertThat(
              compiled.gradient(
                  Images.of(images), Targets.ofDistributions(targets, CLASSES), SIZE, KEY))
          .isCloseTo(
              layerwise.gradient(
                  Images.of(images), Targets.ofDistributions(targets, CLASSES), SIZE, KEY),
              within(FLOAT_ROUNDING));
      INDArray expected = stock.getFlattenedGradients();
      assertThat(
              expected.sub(network.getFlattenedGradients()).amaxNumber().doubleValue()
                  / expected.amaxNumber().doubleValue())
          .isLessThan(FLOAT_ROUNDING);
    }
  }
}
