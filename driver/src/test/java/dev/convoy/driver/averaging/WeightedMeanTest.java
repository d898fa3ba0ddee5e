package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedMeanTest {
  private static final int LENGTH = 500;

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 640, 1_281_167})
  void theMeanOfOneVectorIsThatVectorBitForBit(long weight) {
    float[] values = everyKindOfFloat(1);
    WeightedMean mean = new WeightedMean();
    mean.add(values, weight);
    assertSameBits(mean.mean(), values);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 1000})
  void theMeanOfEqualVectorsIsThatVectorBitForBit(int workers) {
    float[] values = everyKindOfFloat(2);
    Random weights = new Random(workers);
    WeightedMean mean = new WeightedMean();
    for (int i = 0; i < workers; i++) {
      mean.add(values, 1 + weights.nextInt(100_000));
    }
    assertSameBits(mean.mean(), values);
  }

  @Test
  void theMeanIsTheSumOfProductsOverTheSumOfWeights() {
    float[][] vectors = {random(1), random(2), random(3)};
    long[] weights = {5, 1, 34};
    float[] mean = mean(vectors, weights);
    for (int i = 0; i < LENGTH; i++) {
      double expected =
          (5.0 * vectors[0][i] + 1.0 * vectors[1][i] + 34.0 * vectors[2][i]) / (5 + 1 + 34);
      assertThat(mean[i]).isEqualTo((float) expected);
    }
  }

  @Test
  void equalWeightsGiveThePlainMean() {
    float[] mean = mean(new float[][] {{1, -4}, {2, 8}, {6, 2}}, new long[] {9, 9, 9});
    assertThat(mean).containsExactly(3, 2);
  }

  @Test
  void onlyTheRatioOfWeightsMatters() {
    float[][] vectors = {random(1), random(2), random(3)};
    float[] mean = mean(vectors, new long[] {3, 1, 5});
    // Powers of two, so that not one product is rounded differently.
    assertSameBits(mean(vectors, new long[] {3L << 20, 1L << 20, 5L << 20}), mean);
  }

  @Test
  void aWeightIsWorthAsManyUnitVectors() {
    float[] first = random(1);
    float[] second = random(2);
    assertSameBits(
        mean(new float[][] {first, first, first, second}, new long[] {1, 1, 1, 1}),
        mean(new float[][] {first, second}, new long[] {3, 1}));
  }

  @Test
  void theMeanLiesBetweenTheVectors() {
    float[][] vectors = {random(4), random(5)};
    float[] mean = mean(vectors, new long[] {7, 2});
    for (int i = 0; i < LENGTH; i++) {
      assertThat(mean[i])
          .isBetween(
              Math.min(vectors[0][i], vectors[1][i]), Math.max(vectors[0][i], vectors[1][i]));
    }
  }

  @Test
  void theVectorsAreNotKept() {
    float[] values = {1, 2};
    WeightedMean mean = new WeightedMean();
    mean.add(values, 1);
    values[0] = 100;
    assertThat(mean.mean()).containsExactly(1, 2);
  }

  @Test
  void whatIsNotANumberStaysVisible() {
    float[] mean =
        mean(new float[][] {{1, Float.NaN, Float.POSITIVE_INFINITY}, {1, 1, 1}}, new long[] {1, 1});
    assertThat(mean).containsExactly(1, Float.NaN, Float.POSITIVE_INFINITY);
  }

  @Test
  void vectorsOfAnotherLengthAreRefused() {
    WeightedMean mean = new WeightedMean();
    mean.add(new float[3], 1);
    assertThatThrownBy(() -> mean.add(new float[4], 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot average: expected 3 values, found 4");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void aWeightBelowOneIsRefused(long weight) {
    assertThatThrownBy(() -> new WeightedMean().add(new float[3], weight))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot average: expected a weight of at least 1, found " + weight);
  }

  @Test
  void nothingHasNoMean() {
    assertThatThrownBy(() -> new WeightedMean().mean())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot average: nothing was added");
  }

  private static float[] mean(float[][] vectors, long[] weights) {
    WeightedMean mean = new WeightedMean();
    for (int i = 0; i < vectors.length; i++) {
      mean.add(vectors[i], weights[i]);
    }
    return mean.mean();
  }

  private static void assertSameBits(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(Float.floatToRawIntBits(found[i]))
          .as("value %d: %s and %s", i, found[i], expected[i])
          .isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
  }

  private static float[] random(long seed) {
    Random random = new Random(seed);
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Finite floats of all exponents, and the ends of the range. */
  private static float[] everyKindOfFloat(long seed) {
    Random random = new Random(seed);
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      values[i] = Float.isFinite(value) ? value : 0;
    }
    values[0] = Float.MAX_VALUE;
    values[1] = Float.MIN_VALUE;
    values[2] = -Float.MIN_NORMAL;
    values[3] = -0f;
    return values;
  }
}
