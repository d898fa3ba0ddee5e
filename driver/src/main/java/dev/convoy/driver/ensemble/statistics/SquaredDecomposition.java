package dev.convoy.driver.ensemble.statistics;

import dev.convoy.worker.ensemble.MemberAnswers;

/**
 * The squared error, taken apart (Geman, Bienenstock and Doursat, "Neural Networks and the
 * Bias/Variance Dilemma", Neural Computation 4, 1992): {@code loss = noise + squaredBias +
 * variance}. All are sums over classes and means over examples, at least 0, NaN without examples.
 *
 * @param loss mean over members of Σ (probability − [class is the label])²: without noise the mean
 *     of their {@linkplain Scores#brier Brier scores} where all take part in all examples; from 0
 *     to 2
 * @param noise Σ P(class) · (1 − P(class)) of the label's distribution
 * @param squaredBias squared difference of the members' mean from the label's distribution: without
 *     noise the Brier score of a soft vote
 * @param variance mean over members of their squared difference from the members' mean: what a soft
 *     vote gains
 */
public record SquaredDecomposition(double loss, double noise, double squaredBias, double variance) {

  /** Adds up examples, of probabilities or any other outputs that approximate a target. */
  static final class Sums {
    private long examples;
    private double loss;
    private double noise;
    private double squaredBias;
    private double variance;

    /**
     * Adds an example.
     *
     * @param mean of the members that take part
     * @param target the expected value of each output
     * @param targetVariance summed over outputs
     */
    void add(MemberAnswers answers, double[] mean, double[] target, double targetVariance) {
      double members = answers.taking();
      double error = 0;
      double deviation = 0;
      for (int member = 0; member < answers.members(); member++) {
        if (answers.parts()[member]) {
          for (int i = 0; i < mean.length; i++) {
            float output = answers.probability(member, i);
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

    private static double square(double value) {
      return value * value;
    }

    SquaredDecomposition result() {
      return new SquaredDecomposition(
          loss / examples, noise / examples, squaredBias / examples, variance / examples);
    }
  }
}
