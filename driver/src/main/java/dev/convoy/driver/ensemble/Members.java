package dev.convoy.driver.ensemble;

import dev.convoy.worker.ensemble.Respondents;
import java.util.List;

/**
 * Who answers, and who was left out.
 *
 * @param answering in the order of their numbers
 * @param leftOut those that diverged or failed
 */
record Members(List<Member> answering, List<LeftOut> leftOut) {
  /**
   * Who does not answer.
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
   * @param dropoutSamples how often each is asked with dropout; 0 for once, without
   */
  Respondents respondents(int dropoutSamples) {
    return new Respondents(answering.stream().map(Member::model).toList(), dropoutSamples);
  }
}
