package dev.convoy.driver.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.space.Sampler.Method;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How evenly samples fill the cube. */
class DiscrepancyTest {
  private static final int SEEDS = 10;

  /**
   * The L2 star discrepancy, squared, by Warnock's formula ("Computational investigations of
   * low-discrepancy point sets", 1972).
   */
  private static double discrepancy(double[][] points) {
    int dimensions = points[0].length;
    double count = points.length;
    double single = 0;
    double pairs = 0;
    for (double[] point : points) {
      double volume = 1;
      for (double coordinate : point) {
        volume *= 1 - coordinate * coordinate;
      }
      single += volume;
      for (double[] other : points) {
        pairs += volumeAbove(point, other);
      }
    }
    return Math.pow(3, -dimensions)
        - Math.pow(2, 1 - dimensions) / count * single
        + pairs / (count * count);
  }

  private static double volumeAbove(double[] point, double[] other) {
    double volume = 1;
    for (int dimension = 0; dimension < point.length; dimension++) {
      volume *= 1 - Math.max(point[dimension], other[dimension]);
    }
    return volume;
  }

  private static double[][] points(Method method, int count, int dimensions, long seed) {
    SearchSpace space = Spaces.of("a = [" + "{uniform = [0, 1]},".repeat(dimensions) + "]");
    Sampler sampler = Spaces.sampler(method, space, seed);
    return IntStream.range(0, count)
        .mapToObj(trial -> sampler.sample(trial).point())
        .toArray(double[][]::new);
  }

  @Test
  void theFormulaIsRightWhereTheIntegralIsEasy() {
    // One point at x: the integral of (1[x < t] - t)^2 is x^3/3 + (1 - x)^3/3.
    assertThat(discrepancy(new double[][] {{0.25}}))
        .isCloseTo((0.25 * 0.25 * 0.25 + 0.75 * 0.75 * 0.75) / 3, within(1e-15));
  }

  @Test
  void randomPointsHaveTheDiscrepancyThatTheoryExpects() {
    double mean =
        IntStream.range(0, 100)
            .mapToDouble(seed -> discrepancy(points(Method.RANDOM, 64, 2, seed)))
            .average()
            .orElseThrow();
    // Its deviation is about two thirds of it: three deviations of the mean of 100 are a fifth.
    double expected = (1 / 4.0 - 1 / 9.0) / 64;
    assertThat(mean).isBetween(0.8 * expected, 1.2 * expected);
  }

  @ParameterizedTest
  @CsvSource({"64, 2", "256, 2", "1024, 2", "64, 5", "256, 5", "1024, 5"})
  void sobolPointsAreMoreEvenThanRandomOnes(int count, int dimensions) {
    double expectedOfRandom = (Math.pow(2, -dimensions) - Math.pow(3, -dimensions)) / count;
    for (long seed = 0; seed < SEEDS; seed++) {
      double sobol = discrepancy(points(Method.SOBOL, count, dimensions, seed));
      double random = discrepancy(points(Method.RANDOM, count, dimensions, seed));
      assertThat(sobol).as("seed %d", seed).isLessThan(random).isLessThan(expectedOfRandom / 2);
    }
  }

  @Test
  void everySobolIntervalOfASixtyFourthHoldsOneOfSixtyFourPoints() {
    double[][] points = points(Method.SOBOL, 64, 5, 77);
    for (int dimension = 0; dimension < 5; dimension++) {
      int coordinate = dimension;
      assertThat(IntStream.range(0, 64).map(index -> (int) (64 * points[index][coordinate])))
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 64).boxed().toList());
    }
  }

  @Test
  void theShiftMakesTheFirstSobolPointUniform() {
    double mean =
        IntStream.range(0, 1000)
            .mapToDouble(seed -> points(Method.SOBOL, 1, 1, seed)[0][0])
            .average()
            .orElseThrow();
    // Five deviations of the mean of 1,000 uniform numbers.
    assertThat(mean).isCloseTo(0.5, within(5 / Math.sqrt(12 * 1000)));
  }
}
