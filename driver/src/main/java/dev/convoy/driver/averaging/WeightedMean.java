package dev.convoy.driver.averaging;

import java.util.Arrays;

/**
 * The mean of vectors, weighted: Σ wᵢxᵢ / Σ wᵢ, summed in double precision in the order of the
 * calls. Of one vector it is that vector, bit for bit.
 */
public final class WeightedMean {
  private double[] sums;
  private long weight;

  /**
   * Adds a vector.
   *
   * @param values not kept
   * @param weight at least 1
   * @throws IllegalArgumentException if the length differs from an earlier vector's
   */
  public void add(float[] values, long weight) {
    if (weight < 1) {
      throw new IllegalArgumentException(
          "Cannot average: expected a weight of at least 1, found " + weight);
    }
    if (sums == null) {
      sums = new double[values.length];
      Arrays.fill(sums, -0.0); // the neutral element: 0.0 would lose the sign of -0.0
    } else if (sums.length != values.length) {
      throw new IllegalArgumentException(
          "Cannot average: expected " + sums.length + " values, found " + values.length);
    }
    double factor = (double) weight;
    for (int i = 0; i < values.length; i++) {
      sums[i] += factor * values[i];
    }
    this.weight += weight;
  }

  /**
   * The mean of what was added.
   *
   * @throws IllegalStateException if nothing was
   */
  public float[] mean() {
    if (sums == null) {
      throw new IllegalStateException("Cannot average: nothing was added");
    }
    float[] mean = new float[sums.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sums[i] / weight);
    }
    return mean;
  }
}
