package dev.convoy.data.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** How samples of fixed keys are compared with the distribution that they are drawn from. */
public final class Distribution {
  /**
   * The largest distance of a sample's distribution from its own, times √n, is larger than this in
   * one of a thousand samples (Kolmogorov 1933).
   */
  private static final double KOLMOGOROV = 1.95;

  private Distribution() {}

  /**
   * Checks that a sample is of a distribution, by the test of Kolmogorov and Smirnov.
   *
   * @param below the probability of a number that is not above a given one
   */
  public static void assertDistributed(String what, double[] sample, DoubleUnaryOperator below) {
    double[] sorted = Arrays.stream(sample).sorted().toArray();
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      boolean isLastOfItsValue = i + 1 == sorted.length || sorted[i + 1] > sorted[i];
      boolean isFirstOfItsValue = i == 0 || sorted[i - 1] < sorted[i];
      if (isLastOfItsValue) {
        double until = below.applyAsDouble(sorted[i]);
        distance = Math.max(distance, Math.abs((i + 1.0) / sorted.length - until));
      }
      if (isFirstOfItsValue) {
        double before = below.applyAsDouble(Math.nextDown(sorted[i]));
        distance = Math.max(distance, Math.abs((double) i / sorted.length - before));
      }
    }
    assertThat(distance).as(what).isLessThan(KOLMOGOROV / Math.sqrt(sample.length));
  }

  /** The standard normal distribution, summed up in small steps. */
  public static double normal(double value) {
    int steps = 2000;
    double from = -8;
    double step = (Math.max(from, value) - from) / steps;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double middle = from + (i + 0.5) * step;
      sum += step * Math.exp(-middle * middle / 2) / Math.sqrt(2 * Math.PI);
    }
    return sum;
  }

  /** The uniform distribution between two numbers. */
  public static DoubleUnaryOperator uniform(double from, double to) {
    return value -> Math.max(0, Math.min(1, (value - from) / (to - from)));
  }
}
