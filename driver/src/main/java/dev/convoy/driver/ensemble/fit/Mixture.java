package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.Probabilities;
import java.util.Arrays;
import java.util.List;

/**
 * A mixture of members, as far as the labels' probabilities tell of it, and its weights so far.
 * Mutable.
 */
final class Mixture {
  private static final float ABSENT = 0;

  /** Axes [member, example]; {@link #ABSENT}, else above 0. */
  private final float[][] likelihoods;

  private final double[] weights;

  /** Σ w p and Σ w over the members that take part, by example. */
  private final double[] mixed;

  private final double[] present;

  private Mixture(float[][] likelihoods) {
    this.likelihoods = likelihoods;
    this.weights = new double[likelihoods.length];
    this.mixed = new double[likelihoods[0].length];
    this.present = new double[likelihoods[0].length];
    Arrays.fill(weights, 1.0 / weights.length);
    mix();
  }

  /** One with equal weights. */
  static Mixture of(MemberPredictions predictions) {
    float[][] likelihoods = new float[predictions.members()][AnsweredExamples.count(predictions)];
    int[] position = new int[1];
    predictions.forEachAnswered(
        (example, answers) -> {
          int label = predictions.label(example);
          for (int member = 0; member < likelihoods.length; member++) {
            likelihoods[member][position[0]] =
                answers.parts()[member]
                    ? Math.max(answers.probability(member, label), (float) Probabilities.FLOOR)
                    : ABSENT;
          }
          position[0]++;
        });
    return new Mixture(likelihoods);
  }

  /** The weights, summing to 1. */
  List<Double> weights() {
    return Arrays.stream(weights).boxed().toList();
  }

  /** Mean cross-entropy of the labels. */
  double loss() {
    double sum = 0;
    for (int example = 0; example < mixed.length; example++) {
      sum += Probabilities.crossEntropy(mixed[example] / present[example]);
    }
    return sum / mixed.length;
  }

  /**
   * One step of expectation maximisation.
   *
   * @return the largest share by which a weight grew
   */
  double improve() {
    double[] factors = new double[weights.length];
    double total = 0;
    for (int member = 0; member < weights.length; member++) {
      factors[member] = expected(likelihoods[member]);
      total += weights[member] * factors[member];
    }
    double growth = 0;
    for (int member = 0; member < weights.length; member++) {
      weights[member] *= factors[member] / total;
      growth = Math.max(growth, factors[member] / total - 1);
    }
    mix();
    return growth;
  }

  /**
   * How often a member is expected to have spoken, over its weight: for each example its
   * responsibility; where it takes no part, as often as it would have been drawn before one that
   * does.
   */
  private double expected(float[] own) {
    double expected = 0;
    for (int example = 0; example < own.length; example++) {
      expected += own[example] == ABSENT ? 1 / present[example] : own[example] / mixed[example];
    }
    return expected;
  }

  private void mix() {
    Arrays.fill(mixed, 0);
    Arrays.fill(present, 0);
    for (int member = 0; member < weights.length; member++) {
      for (int example = 0; example < mixed.length; example++) {
        float own = likelihoods[member][example];
        mixed[example] += weights[member] * own;
        present[example] += own == ABSENT ? 0 : weights[member];
      }
    }
  }
}
