package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;

/**
 * How good answers are. All but the number of examples are NaN without examples.
 *
 * @param examples how many were answered
 * @param accuracy share of examples whose most probable class is theirs; the lowest index of equals
 * @param topFiveAccuracy share of examples whose class is among the five most probable ones, lower
 *     indices before higher ones of equals; 1 with five classes or fewer
 * @param negativeLogLikelihood mean over examples of −ln of their class's probability, in nats;
 *     probabilities below 1e-10 count as that, so it is at most 23.03
 * @param brier mean over examples of Σ (probability − [class is theirs])² over all classes, from 0
 *     to 2 (Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather
 *     Review 78, 1950)
 * @param calibration whether answers are right as often as they say
 */
public record Scores(
    long examples,
    double accuracy,
    double topFiveAccuracy,
    double negativeLogLikelihood,
    double brier,
    Calibration calibration) {

  /** Of the ensemble; examples in which no member takes part do not count. */
  public static Scores of(MemberPredictions predictions, Combination combination) {
    ScoreSums sums = new ScoreSums(predictions.classes());
    EnsembleAnswer.forEach(
        predictions,
        combination,
        answer -> sums.add(answer.probabilities(), answer.members().label()));
    return sums.scores();
  }

  /** Of one member, over the examples in which it takes part. */
  public static Scores ofMember(MemberPredictions predictions, int member) {
    ScoreSums sums = new ScoreSums(predictions.classes());
    double[] probabilities = new double[predictions.classes()];
    MemberAnswers.forEach(
        predictions,
        answers -> {
          if (answers.takesPart(member)) {
            answers.read(member, probabilities);
            sums.add(probabilities, answers.label());
          }
        });
    return sums.scores();
  }
}
