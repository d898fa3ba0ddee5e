package dev.convoy.driver.ensemble;

import dev.convoy.worker.ensemble.PredictionModels;
import java.util.List;

/**
 * The members of an ensemble.
 *
 * @param answering those with a model, in the order of their numbers
 * @param leftOut those that diverged or failed
 */
record Members(List<Member> answering, List<LeftOut> leftOut) {
  /**
   * A member without a model.
   *
   * @param member its number
   * @param state how it ended
   * @param reason for a person; may be empty
   */
  record LeftOut(int member, String state, String reason) {}

  Members {
    answering = List.copyOf(answering);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Their networks.
   *
   * @param dropoutSamples predictions of each with dropout; 0 for one without
   */
  PredictionModels predictionModels(int dropoutSamples) {
    return new PredictionModels(answering.stream().map(Member::model).toList(), dropoutSamples);
  }
}
