package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.List;

/**
 * What an ensemble of fewer members would be worth: the soft vote (the mean of probabilities) of
 * the first member, the first two, and so on to all, with members in their own order and in random
 * ones.
 *
 * @param orders how many random orders there are: 20, fewer where they would take long
 * @param points for 1, 2, … members
 */
public record MemberCountCurve(int orders, List<Point> points) {

  /**
   * The vote of so many members.
   *
   * @param members at least 1
   * @param inOrder of the first members
   * @param accuracy over random orders
   * @param negativeLogLikelihood over random orders, in nats
   */
  public record Point(int members, Vote inOrder, Spread accuracy, Spread negativeLogLikelihood) {}

  /**
   * Of one set of members, on the examples in which one of them takes part; those that take no part
   * in an example have no vote on it.
   *
   * @param examples how many those are
   * @param accuracy share of examples taken for the right class; NaN without examples
   * @param negativeLogLikelihood mean over examples, in nats, as in {@link Scores}; NaN without
   *     examples
   */
  public record Vote(long examples, double accuracy, double negativeLogLikelihood) {}

  /**
   * Over random orders.
   *
   * @param mean over the orders that have examples
   * @param deviation standard deviation, of a sample (n − 1); NaN with one order
   */
  public record Spread(double mean, double deviation) {}

  /** Copies. */
  public MemberCountCurve {
    points = List.copyOf(points);
  }

  /**
   * The curve over the number of members.
   *
   * @param seed of the random orders
   */
  public static MemberCountCurve of(MemberPredictions predictions, long seed) {
    MemberCountSums sums = MemberCountSums.of(predictions, seed);
    MemberAnswers.forEach(predictions, sums::add);
    return sums.curve();
  }
}
