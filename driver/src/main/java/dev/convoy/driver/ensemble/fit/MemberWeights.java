package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.ensemble.WeightedVote;
import java.util.Arrays;
import java.util.List;

/**
 * The weights with which members' probabilities are averaged best: at least 0, summing to 1, with
 * the least mean cross-entropy of the weighted vote. They are the proportions of a mixture whose
 * components are the members, found by expectation maximisation (Dempster, Laird and Rubin,
 * "Maximum Likelihood from Incomplete Data via the EM Algorithm", JRSS B 39, 1977), which never
 * raises the cross-entropy. Driver only.
 *
 * <p>If every member takes part in every example, the problem is convex and the answer the best
 * there is. Otherwise ({@link WeightedVote} then divides by the weights of those that take part)
 * each example is one of a truncated mixture, whose missing members EM adds as expected (section
 * 4.2 of the paper); the answer is then a point where no small change helps.
 *
 * <p>One pass over the predictions; keeps one float for each example and member, and a few doubles
 * for each example.
 */
public final class MemberWeights {
  /** Not more are made, however much there is left to gain. */
  private static final int MAX_ITERATIONS = 5_000;

  /**
   * A weight that grows by a smaller share is at rest. If every member takes part in every example,
   * this is also a bound of what the best weights would still gain, in nats.
   */
  private static final double MIN_GROWTH = 1e-9;

  private static final float ABSENT = 0;

  /** Axes [member, example]; {@link #ABSENT}, else above 0. */
  private final float[][] likelihoods;

  private final double[] weights;

  /** Σ w p and Σ w over the members that take part, by example. */
  private final double[] mixed;

  private final double[] present;

  private MemberWeights(float[][] likelihoods) {
    this.likelihoods = likelihoods;
    this.weights = new double[likelihoods.length];
    this.mixed = new double[likelihoods[0].length];
    this.present = new double[likelihoods[0].length];
    Arrays.fill(weights, 1.0 / weights.length);
    mix();
  }

  /**
   * Fits to the examples that at least one member takes part in.
   *
   * @return one for each member
   * @throws IllegalArgumentException if there are none
   */
  public static List<Double> of(MemberPredictions predictions) {
    return of(predictions, MAX_ITERATIONS);
  }

  static List<Double> of(MemberPredictions predictions, int maxIterations) {
    MemberWeights mixture = equal(predictions);
    int iterations = 0;
    while (iterations < maxIterations && mixture.improve() > MIN_GROWTH) {
      iterations++;
    }
    return Arrays.stream(mixture.weights).boxed().toList();
  }

  /** A mixture with equal weights. */
  private static MemberWeights equal(MemberPredictions predictions) {
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
    return new MemberWeights(likelihoods);
  }

  /**
   * One step of expectation maximisation.
   *
   * @return the largest share by which a weight grew
   */
  private double improve() {
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
