package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;

/**
 * How sure an ensemble is of a data set. Where members know what they do not know, mutual
 * information is higher of wrong answers.
 *
 * @param overall mean over examples; its numbers are NaN without any
 * @param rightAnswers mean over the examples that are taken for the right class; NaN without any
 * @param wrongAnswers mean over the examples that are taken for a wrong class; NaN without any
 */
public record MeanUncertainty(
    Uncertainty overall, Uncertainty rightAnswers, Uncertainty wrongAnswers) {

  /** Of the examples in which a member takes part. */
  public static MeanUncertainty of(MemberPredictions predictions, Combination combination) {
    UncertaintySums sums = new UncertaintySums();
    EnsembleAnswer.forEach(predictions, combination, sums::add);
    return sums.mean();
  }
}
