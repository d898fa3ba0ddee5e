package dev.convoy.worker.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Problem;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.loss.LossFixture.Case;
import dev.convoy.worker.natives.NativeLibraries;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LossesTest {
  /** Of formulas in doubles, written in another way. */
  private static final double DOUBLE_ROUNDING = 1e-12;

  /** Probabilities that Deeplearning4j keeps away from 0 and 1. */
  private static final double CLIPPED = 1e-4;

  static List<Case> cases() {
    return LossFixture.cases();
  }

  static Stream<Loss> losses() {
    NativeLibraries.load();
    return cases().stream().map(Case::settings).distinct().map(Losses.FAMILY::create);
  }

  /** Those that a network can be saved with for Deeplearning4j. */
  static Stream<Loss> lossesOfDeeplearning4j() {
    return losses().filter(loss -> loss.stock().isPresent());
  }

  @Test
  void someLossesAreSavedAsDeeplearning4jHasThem() {
    NativeLibraries.load();
    assertThat(Losses.FAMILY.names())
        .filteredOn(
            name -> Losses.FAMILY.create(ComponentSettings.defaults(name)).stock().isPresent())
        .containsExactly(
            "binary-cross-entropy",
            "cross-entropy",
            "hinge",
            "kl-divergence",
            "mae",
            "mse",
            "squared-hinge");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lossesAndTheirGradientsAreThoseOfPyTorch(Case given) {
    Loss loss = Losses.FAMILY.create(given.settings());
    double[] outputs = LossFixture.values("outputs");
    for (int image = 0; image < LossFixture.IMAGES; image++) {
      int from = image * LossFixture.CLASSES;
      int to = from + LossFixture.CLASSES;
      double[] row = Arrays.copyOfRange(outputs, from, to);
      double expected = given.expected("losses")[image];
      assertThat(loss.derive(row, given.targets(), image))
          .isCloseTo(expected, within(DOUBLE_ROUNDING * Math.max(1, expected)));
      assertThat(row)
          .containsExactly(
              Arrays.copyOfRange(given.expected("gradients"), from, to), within(DOUBLE_ROUNDING));
    }
  }

  @Test
  void everyLossIsComparedWithPyTorch() {
    assertThat(cases())
        .extracting(given -> given.settings().name())
        .containsAll(Losses.FAMILY.names());
    assertThat(Losses.FAMILY.names())
        .containsExactly(
            "binary-cross-entropy",
            "cross-entropy",
            "focal",
            "hinge",
            "huber",
            "kl-divergence",
            "mae",
            "mse",
            "squared-hinge");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aDistributionOfOneClassIsItsLabelToTheLastBit(Loss loss) {
    float[] hard = {0, 0, 1, 0, 0};
    double[] byLabel = LossFixture.values("outputs");
    double[] byDistribution = byLabel.clone();
    double[] first = Arrays.copyOf(byLabel, 5);
    double[] second = Arrays.copyOf(byDistribution, 5);
    assertThat(loss.derive(first, Targets.ofClasses(new int[] {2}), 0))
        .isEqualTo(loss.derive(second, Targets.ofDistributions(hard, 5), 0));
    assertThat(first).isEqualTo(second);
  }

  /** Where outputs are so large that an exponential of them is not finite. */
  @ParameterizedTest
  @MethodSource("losses")
  void lossesOfHugeOutputsAreFinite(Loss loss) {
    for (int label = 0; label < 3; label++) {
      double[] outputs = {-2000, 0, 2000, -1000, 10};
      assertThat(loss.derive(outputs, ofClass(label), 0)).isFinite();
      assertThat(Arrays.stream(outputs)).allMatch(Double::isFinite);
    }
  }

  /** As of a network whose values overflow: it must not pass for one that is always right. */
  @ParameterizedTest
  @MethodSource("losses")
  void theLossOfOutputsThatAreNoNumbersIsNone(Loss loss) {
    for (int label = 0; label < 3; label++) {
      for (int broken = 0; broken < 5; broken++) {
        double[] outputs = {1, -2, 3, 4, -1};
        outputs[broken] = Double.NaN;
        assertThat(loss.derive(outputs, ofClass(label), 0)).isNaN();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theLossIsAsSmallAsItGetsWhereTheAnswerIsRight(Loss loss) {
    double right = loss.derive(new double[] {-30, 30, -30, -30, -30}, ofClass(1), 0);
    double wrong = loss.derive(new double[] {-30, 30, -30, -30, -30}, ofClass(2), 0);
    assertThat(right).isLessThan(wrong).isNotNegative();
  }

  private static Targets ofClass(int label) {
    return Targets.ofClasses(new int[] {label});
  }

  /** Deeplearning4j has 1 and -1 for the targets of margins. */
  @ParameterizedTest
  @MethodSource("lossesOfDeeplearning4j")
  void theLossOfDeeplearning4jWithWhichANetworkIsSavedIsTheSame(Loss loss) {
    int images = LossFixture.IMAGES;
    int classes = LossFixture.CLASSES;
    INDArray outputs =
        Nd4j.create(LossFixture.values("outputs"), new long[] {images, classes}, DataType.DOUBLE);
    double[] targets = new double[images * classes];
    double[] labels = LossFixture.values("labels");
    for (int image = 0; image < images; image++) {
      targets[image * classes + (int) labels[image]] = 1;
    }
    INDArray wanted = Nd4j.create(targets, new long[] {images, classes}, DataType.DOUBLE);
    if (loss.function() == OutputFunction.MARGINS) {
      wanted.muli(2).subi(1);
    }
    INDArray gradient =
        loss.stock()
            .orElseThrow()
            .computeGradient(wanted, outputs.dup(), loss.function().layerFunction(), null);
    for (int image = 0; image < images; image++) {
      double[] row = outputs.getRow(image).toDoubleVector();
      loss.derive(row, Targets.ofClasses(new int[] {(int) labels[image]}), 0);
      assertThat(gradient.getRow(image).toDoubleVector()).containsExactly(row, within(CLIPPED));
    }
  }

  @ParameterizedTest
  @MethodSource("lossesOfDeeplearning4j")
  void aLossIsReadFromTheOneOfDeeplearning4j(Loss loss) {
    assertThat(Losses.of(loss.stock().orElseThrow(), loss.function().layerFunction()))
        .contains(loss);
  }

  @Test
  void aLossOfAnotherFunctionIsNone() {
    NativeLibraries.load();
    assertThat(
            Losses.of(
                new MeanSquaredError().stock().orElseThrow(),
                OutputFunction.SIGMOIDS.layerFunction()))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(OutputFunction.class)
  void classProbabilitiesKeepTheOrderOfTheOutputs(OutputFunction function) {
    Random random = new Random(3);
    for (int draw = 0; draw < 100; draw++) {
      double[] outputs = random.doubles(6, -2, 2).toArray();
      double[] probabilities = outputs.clone();
      function.apply(probabilities);
      assertThat(Probabilities.argmax(probabilities)).isEqualTo(Probabilities.argmax(outputs));
      assertThat(Arrays.stream(probabilities)).allMatch(p -> p >= 0 && p <= 1);
      if (function != OutputFunction.SIGMOIDS) {
        assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(1e-12));
      }
    }
  }

  @Test
  void theNearestDistributionToOneIsItself() {
    double[] values = {0.25, 0.5, 0, 0.25};
    OutputFunction.NEAREST_DISTRIBUTION.apply(values);
    assertThat(values).containsExactly(0.25, 0.5, 0, 0.25);
    double[] beyond = {1.2, 0.4, -3};
    OutputFunction.NEAREST_DISTRIBUTION.apply(beyond);
    assertThat(beyond).containsExactly(new double[] {0.9, 0.1, 0}, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-entropy class-weights", "focal alpha"})
  void balancedWeightsAreInInverseProportionToTheImagesOfAClass(String which) {
    String[] words = which.split(" ", 2);
    ComponentSettings written = new ComponentSettings(words[0], Map.of(words[1], "balanced"));
    ComponentSettings known = ClassWeights.known(written, new long[] {10, 30, 0, 40});
    assertThat(known.options()).isEqualTo(Map.of(words[1], List.of(2.0, 80 / 120.0, 0.0, 0.5)));
  }

  @Test
  void otherSettingsStayWhenTheImagesAreKnown() {
    for (ComponentSettings settings :
        List.of(
            Losses.DEFAULT,
            ComponentSettings.defaults("hinge"),
            new ComponentSettings("focal", Map.of("gamma", 1, "alpha", List.of(1, 2))))) {
      assertThat(ClassWeights.known(settings, new long[] {10, 30})).isEqualTo(settings);
    }
  }

  @Test
  void aListThatIsNotAsLongAsThereAreClassesIsRefused() {
    ComponentSettings two =
        new ComponentSettings("cross-entropy", Map.of("class-weights", List.of(1, 2)));
    assertThatThrownBy(() -> ClassWeights.known(two, new long[] {10, 30, 20}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("loss.class-weights: expected 3 numbers, one for each class, found 2");
  }

  @Test
  void weightsThatAreNoneAreNamed() {
    assertThat(problems("class-weights", "equal"))
        .containsExactly(
            "class-weights = equal: expected balanced, or a list with a number of at least 0 for"
                + " each class or null");
    assertThat(problems("class-weights", List.of(1, -1)))
        .containsExactly("class-weights[1] = -1: expected a number of at least 0");
  }

  private static List<String> problems(String option, Object value) {
    return Losses.FAMILY
        .problems(new ComponentSettings("cross-entropy", Map.of(option, value)))
        .stream()
        .map(Problem::toString)
        .toList();
  }
}
