package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.WeightedVote;
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
 *
 * @param weights one for each member
 * @param lossBefore mean cross-entropy in nats of the plain mean
 * @param lossAfter the same with the weights
 * @param iterations it took
 */
public record MemberWeights(
    List<Double> weights, double lossBefore, double lossAfter, int iterations) {
  /** Not more are made, however much there is left to gain. */
  public static final int MAX_ITERATIONS = 5_000;

  /**
   * A weight that grows by a smaller share is at rest. If every member takes part in every example,
   * this is also a bound of what the best weights would still gain, in nats.
   */
  public static final double MIN_GROWTH = 1e-9;

  /** Copies. */
  public MemberWeights {
    weights = List.copyOf(weights);
  }

  /**
   * Fits to the examples that at least one member takes part in.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static MemberWeights of(MemberPredictions predictions) {
    return of(predictions, MAX_ITERATIONS);
  }

  static MemberWeights of(MemberPredictions predictions, int mostIterations) {
    Mixture mixture = Mixture.of(predictions);
    double before = mixture.loss();
    int iterations = 0;
    double growth = Double.POSITIVE_INFINITY;
    while (iterations < mostIterations && growth > MIN_GROWTH) {
      growth = mixture.improve();
      iterations++;
    }
    return new MemberWeights(mixture.weights(), before, mixture.loss(), iterations);
  }

  /** The weights as a rule. */
  public WeightedVote rule() {
    return new WeightedVote(weights);
  }
}
