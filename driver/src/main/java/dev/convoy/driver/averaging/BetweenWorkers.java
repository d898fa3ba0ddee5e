package dev.convoy.driver.averaging;

import java.util.List;

/**
 * The variance of running means between workers, weighted: Σ p(μ − Σ pμ)². It is what the mean of
 * the workers' variances lacks to be the variance of all their batches together. Summed in double
 * precision as differences from the first worker, and so exactly 0 for one worker.
 *
 * <p>Of vectors that hold s·μ and s·σ² plus what all workers have in common, it is s² times as
 * large as that of the statistics, and the variance's entry lacks s times that.
 */
final class BetweenWorkers {
  private final List<Moments> moments;
  private final float[] first;
  private final double[] sums;
  private final double[] squares;
  private long weight;

  BetweenWorkers(List<Moments> moments) {
    int values = moments.stream().mapToInt(Moments::length).sum();
    this.moments = moments;
    this.first = new float[values];
    this.sums = new double[values];
    this.squares = new double[values];
  }

  /**
   * Takes in a worker's parameters.
   *
   * @param examples its weight, at least 1
   */
  void add(float[] parameters, long examples) {
    int value = 0;
    for (Moments layer : moments) {
      if (weight == 0) {
        System.arraycopy(parameters, layer.mean(), first, value, layer.length());
      }
      for (int i = 0; i < layer.length(); i++, value++) {
        double difference = (double) parameters[layer.mean() + i] - first[value];
        sums[value] += examples * difference;
        squares[value] += examples * difference * difference;
      }
    }
    weight += examples;
  }

  /** Adds it to the variances of the mean of the vectors. */
  void addTo(float[] parameters) {
    int value = 0;
    for (Moments layer : moments) {
      if (layer.scale() == 0) {
        value += layer.length();
        continue;
      }
      for (int i = 0; i < layer.length(); i++, value++) {
        double mean = sums[value] / weight;
        double variance = Math.max(0, squares[value] / weight - mean * mean) / layer.scale();
        parameters[layer.variance() + i] = (float) (parameters[layer.variance() + i] + variance);
      }
    }
  }
}
