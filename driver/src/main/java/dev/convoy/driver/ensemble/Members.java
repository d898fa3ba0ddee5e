package dev.convoy.driver.ensemble;

import dev.convoy.driver.trial.TrialState;
import dev.convoy.worker.ensemble.PredictionModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The members of an ensemble.
 *
 * @param answering those with a model, in the order of their numbers
 * @param leftOut those that diverged or failed, or whose answers are no numbers
 */
record Members(List<Member> answering, List<LeftOut> leftOut) {
  /**
   * A member that takes no part.
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
   * Those that are left where the answers of some are no numbers.
   *
   * @param broken places of these among those that answer
   */
  Members without(Set<Integer> broken) {
    List<Member> others = new ArrayList<>();
    List<LeftOut> more = new ArrayList<>(leftOut);
    for (int place = 0; place < answering.size(); place++) {
      Member member = answering.get(place);
      if (broken.contains(place)) {
        more.add(
            new LeftOut(member.number(), TrialState.DIVERGED.key(), "its answers are no numbers"));
      } else {
        others.add(member);
      }
    }
    return new Members(others, more);
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
