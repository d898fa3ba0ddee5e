package dev.convoy.driver.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DistributionTest {
  private static final int DRAWS = 10_000;

  /**
   * A right distribution fails one seed in a thousand; the seed is fixed, and one that passes
   * passes for ever.
   */
  private static final double SMALLEST_PROBABILITY = 0.001;

  static Stream<Arguments> continuousDistributions() {
    double below = normal((0.5 - 1) / 2);
    double within = normal((3.0 - 1) / 2) - below;
    return Stream.of(
        continuous("{uniform = [-2, 6]}", x -> (x + 2) / 8),
        continuous("{log-uniform = [1e-4, 10]}", x -> Math.log(x / 1e-4) / Math.log(1e5)),
        continuous("{normal = [1, 2]}", x -> normal((x - 1) / 2)),
        continuous("{log-normal = [-3, 0.5]}", x -> normal((Math.log(x) + 3) / 0.5)),
        continuous(
            "{normal = [1, 2], min = 0.5, max = 3}", x -> (normal((x - 1) / 2) - below) / within),
        continuous("{normal = [1, 2], max = 1}", x -> 2 * normal((x - 1) / 2)),
        continuous("{log-normal = [0, 1], min = 1}", x -> 2 * normal(Math.log(x)) - 1));
  }

  private static Arguments continuous(String hocon, DoubleUnaryOperator cumulative) {
    return Arguments.of(hocon, cumulative);
  }

  /** The standard normal distribution function. */
  private static double normal(double x) {
    return 0.5 * (1 + Erf.erf(x / Math.sqrt(2)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("continuousDistributions")
  void drawsFollowTheDistributionFunction(String hocon, DoubleUnaryOperator cumulative) {
    double[] draws = Spaces.numbers(Spaces.draws(hocon, DRAWS));
    assertThat(kolmogorovSmirnov(draws, cumulative)).isGreaterThan(SMALLEST_PROBABILITY);
  }

  @Test
  void theTestOfDistributionFunctionsNoticesAShiftOfATwentiethOfTheRange() {
    double[] draws = Spaces.numbers(Spaces.draws("{uniform = [0.05, 1.05]}", DRAWS));
    assertThat(kolmogorovSmirnov(draws, x -> Math.min(1, x))).isLessThan(SMALLEST_PROBABILITY);
  }

  /** The probability of draws that differ as much or more from a distribution function. */
  private static double kolmogorovSmirnov(double[] draws, DoubleUnaryOperator cumulative) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    double largest = 0;
    for (int index = 0; index < sorted.length; index++) {
      double expected = cumulative.applyAsDouble(sorted[index]);
      largest = Math.max(largest, Math.abs(expected - (double) index / sorted.length));
      largest = Math.max(largest, Math.abs(expected - (index + 1.0) / sorted.length));
    }
    return 1
        - new KolmogorovSmirnovTest().ksSum(largest * Math.sqrt(sorted.length), 1e-12, 100_000);
  }

  static Stream<Arguments> discreteDistributions() {
    Map<Object, Double> dice = new TreeMap<>();
    IntStream.rangeClosed(1, 6).forEach(face -> dice.put((long) face, 1 / 6.0));
    Map<Object, Double> logarithmic = new TreeMap<>();
    IntStream.rangeClosed(2, 9)
        .forEach(
            value ->
                logarithmic.put(
                    (long) value, Math.log((value + 0.5) / (value - 0.5)) / Math.log(9.5 / 1.5)));
    Map<Object, Double> rounded =
        new TreeMap<>(Map.of(0.0, 0.125, 0.25, 0.25, 0.5, 0.25, 0.75, 0.25, 1.0, 0.125));
    return Stream.of(
        Arguments.of("{int = [1, 6]}", dice),
        Arguments.of("{log-uniform-int = [2, 9]}", logarithmic),
        Arguments.of("{uniform = [0, 1], quantum = 0.25}", rounded),
        Arguments.of(
            "{choice = [sgd, adam, nesterov]}",
            new TreeMap<>(Map.of("sgd", 1 / 3.0, "adam", 1 / 3.0, "nesterov", 1 / 3.0))),
        Arguments.of(
            "{choice = [16, 32, 64], weights = [1, 5, 2]}",
            new TreeMap<>(Map.of(16L, 1 / 8.0, 32L, 5 / 8.0, 64L, 2 / 8.0))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("discreteDistributions")
  void drawsHaveTheirProbabilities(String hocon, Map<Object, Double> probabilities) {
    Map<Object, Long> counts = new TreeMap<>();
    probabilities.keySet().forEach(value -> counts.put(value, 0L));
    Spaces.draws(hocon, DRAWS).forEach(draw -> counts.merge(draw, 1L, Long::sum));
    assertThat(counts.keySet()).isEqualTo(probabilities.keySet());
    double probability =
        new ChiSquareTest()
            .chiSquareTest(
                probabilities.values().stream().mapToDouble(share -> share * DRAWS).toArray(),
                counts.values().stream().mapToLong(Long::longValue).toArray());
    assertThat(probability).isGreaterThan(SMALLEST_PROBABILITY);
  }

  @Test
  void anOptionWithoutWeightIsNeverDrawn() {
    assertThat(Spaces.draws("{choice = [a, b, c], weights = [0, 1, 0]}", 1000)).containsOnly("b");
    Distribution distribution = Spaces.distribution("{choice = [a, b, c], weights = [0, 1, 0]}");
    assertThat(distribution.value(0)).isEqualTo("b");
    assertThat(distribution.value(Distribution.LAST_UNIT)).isEqualTo("b");
  }

  @Test
  void valuesNeverLeaveTheirRange() {
    for (String hocon :
        List.of(
            "{uniform = [0.1, 0.3]}",
            "{log-uniform = [0.1, 0.3]}",
            "{normal = [0, 1], min = 0.1, max = 0.3}",
            "{log-normal = [0, 1], min = 0.1, max = 0.3}",
            "{uniform = [0.1, 0.3], quantum = 0.07}",
            "{normal = [0, 1], min = 0.1, max = 0.3, quantum = 0.07}")) {
      Distribution distribution = Spaces.distribution(hocon);
      DoubleStream.of(0, Double.MIN_VALUE, 0.3, 0.999, Distribution.LAST_UNIT)
          .forEach(
              unit -> assertThat((Double) distribution.value(unit)).as(hocon).isBetween(0.1, 0.3));
    }
  }

  @Test
  void boundedDistributionsReachBothEndsExactly() {
    for (String hocon : List.of("{uniform = [0.1, 0.9]}", "{log-uniform = [0.1, 0.9]}")) {
      Distribution distribution = Spaces.distribution(hocon);
      assertThat(distribution.value(0)).isEqualTo(0.1);
      assertThat(distribution.value(Distribution.LAST_UNIT)).isEqualTo(0.9);
    }
  }

  @Test
  void normalNumbersAreFiniteAtBothEndsOfTheCube() {
    Distribution distribution = Spaces.distribution("{normal = [0, 1]}");
    assertThat((Double) distribution.value(0)).isBetween(-9.0, -8.0);
    assertThat((Double) distribution.value(Distribution.LAST_UNIT)).isBetween(8.0, 9.0);
  }

  @Test
  void aQuantumLeavesExactDecimalMultiplesWithinTheRange() {
    assertThat(Spaces.draws("{uniform = [0.25, 0.75], quantum = 0.1}", 500))
        .containsOnly(0.3, 0.4, 0.5, 0.6, 0.7);
    assertThat(Spaces.draws("{log-uniform = [0.1, 0.7], quantum = 0.1}", 500))
        .containsOnly(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7);
  }

  @Test
  void aWholeQuantumLeavesWholeNumbers() {
    assertThat(Spaces.draws("{uniform = [16, 64], quantum = 16}", 500))
        .containsOnly(16L, 32L, 48L, 64L);
  }

  @Test
  void aQuantumRoundsToTheNearestMultiple() {
    Distribution exact = Spaces.distribution("{normal = [0, 3]}");
    Distribution rounded = Spaces.distribution("{normal = [0, 3], quantum = 0.5}");
    for (double unit = 0.001; unit < 1; unit += 0.001) {
      assertThat((Double) rounded.value(unit))
          .isCloseTo((Double) exact.value(unit), within(0.25 + 1e-9));
    }
  }

  @Test
  void onlyChoicesAreCategorical() {
    Distribution choice = Spaces.distribution("{choice = [1, 0.5, 2]}");
    assertThat(choice.isCategorical()).isTrue();
    assertThat(choice.categories()).contains(List.of("1.0", "0.5", "2.0"));
    Distribution range = Spaces.distribution("{int = [1, 2]}");
    assertThat(range.isCategorical()).isFalse();
    assertThat(range.categories()).isEmpty();
  }

  @Test
  void whatIsDrawnByItsLogarithmSaysSo() {
    for (String kind : List.of("log-uniform", "log-uniform-int", "log-normal")) {
      assertThat(Spaces.distribution("{" + kind + " = [1, 3]}").isLogarithmic()).isTrue();
    }
    for (String kind : List.of("uniform", "int", "normal", "choice")) {
      assertThat(Spaces.distribution("{" + kind + " = [1, 3]}").isLogarithmic()).isFalse();
    }
    assertThat(Spaces.distribution("{log-uniform = [1, 9], quantum = 2}").isLogarithmic()).isTrue();
  }

  static Stream<Arguments> grids() {
    return Stream.of(
        Arguments.of("{uniform = [0, 1]}", 5, List.of(0.0, 0.25, 0.5, 0.75, 1.0)),
        Arguments.of("{uniform = [0, 1]}", 1, List.of(0.5)),
        Arguments.of("{log-uniform = [1, 16]}", 2, List.of(1.0, 16.0)),
        Arguments.of("{int = [2, 5]}", 4, List.of(2L, 3L, 4L, 5L)),
        Arguments.of("{int = [2, 5]}", 9, List.of(2L, 3L, 4L, 5L)),
        Arguments.of("{int = [0, 100]}", 5, List.of(0L, 25L, 50L, 75L, 100L)),
        Arguments.of("{int = [0, 100]}", 1, List.of(50L)),
        Arguments.of("{log-uniform-int = [1, 256]}", 5, List.of(1L, 4L, 16L, 64L, 256L)),
        Arguments.of("{log-uniform-int = [1, 6]}", 5, List.of(1L, 2L, 4L, 6L)),
        Arguments.of("{uniform = [0, 1], quantum = 0.5}", 5, List.of(0.0, 0.5, 1.0)),
        Arguments.of("{uniform = [0, 1], quantum = 0.1}", 3, List.of(0.0, 0.5, 1.0)),
        Arguments.of("{choice = [a, b, c]}", 2, List.of("a", "b", "c")),
        Arguments.of("{choice = [a, b, c], weights = [1, 0, 1]}", 2, List.of("a", "c")));
  }

  @ParameterizedTest(name = "{0} in {1}")
  @MethodSource("grids")
  void aGridHoldsTheExpectedValues(String hocon, int points, List<Object> expected) {
    Distribution distribution = Spaces.distribution(hocon);
    assertThat(distribution.gridUnits(points).stream().map(distribution::value).toList())
        .isEqualTo(expected);
  }

  @Test
  void aGridOfNormalNumbersHoldsTheMiddlesOfEqualParts() {
    for (String hocon : List.of("{normal = [3, 2]}", "{normal = [3, 2], min = 0, max = 6}")) {
      assertThat(Spaces.distribution(hocon).gridUnits(4))
          .containsExactly(0.125, 0.375, 0.625, 0.875);
    }
    assertThat((Double) Spaces.distribution("{normal = [3, 2]}").value(0.5))
        .isCloseTo(3, within(1e-12));
  }
}
