package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;

/**
 * A statistic of labelled examples that is computed in one pass: it is shown each example once, in
 * ascending order, then asked for its result. Not thread-safe.
 *
 * @param <R> the result
 */
interface Statistic<R> {
  /**
   * Takes in an example that at least one member answers.
   *
   * @param answer valid during the call
   */
  void add(EnsembleAnswer answer);

  /** The statistic of the examples added so far. */
  R result();

  /** Computes one statistic of all answered examples. */
  static <R> R of(MemberPredictions predictions, Combination combination, Statistic<R> statistic) {
    EnsembleAnswer.forEach(predictions, combination, statistic::add);
    return statistic.result();
  }
}
