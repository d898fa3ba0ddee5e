package dev.convoy.driver.ensemble.statistics;

import java.util.Arrays;

/**
 * Adds up a {@link SquaredDecomposition}, of probabilities or any other outputs that are to come
 * near a target.
 */
final class SquaredSums {
  private final double[] mean;
  private long examples;
  private double loss;
  private double noise;
  private double squaredBias;
  private double variance;

  /**
   * Nothing yet.
   *
   * @param outputs how many numbers a member says of an example, at least 1
   */
  SquaredSums(int outputs) {
    mean = new double[outputs];
  }

  /**
   * Adds an example.
   *
   * @param outputs axes [member, output]
   * @param parts which members count, at least one
   * @param target the expected value of each output
   * @param targetVariance summed over outputs
   */
  void add(float[] outputs, boolean[] parts, double[] target, double targetVariance) {
    double members = average(outputs, parts);
    double error = 0;
    double deviation = 0;
    for (int member = 0; member < parts.length; member++) {
      if (parts[member]) {
        for (int i = 0; i < mean.length; i++) {
          float output = outputs[member * mean.length + i];
          error += square(output - target[i]);
          deviation += square(output - mean[i]);
        }
      }
    }
    examples++;
    loss += error / members + targetVariance;
    variance += deviation / members;
    noise += targetVariance;
    for (int i = 0; i < mean.length; i++) {
      squaredBias += square(mean[i] - target[i]);
    }
  }

  /** Sets the mean and tells how many members it is of. */
  private int average(float[] outputs, boolean[] parts) {
    Arrays.fill(mean, 0);
    int members = 0;
    for (int member = 0; member < parts.length; member++) {
      if (parts[member]) {
        members++;
        for (int i = 0; i < mean.length; i++) {
          mean[i] += outputs[member * mean.length + i];
        }
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= members;
    }
    return members;
  }

  private static double square(double value) {
    return value * value;
  }

  SquaredDecomposition decomposition() {
    return new SquaredDecomposition(
        loss / examples, noise / examples, squaredBias / examples, variance / examples);
  }
}
