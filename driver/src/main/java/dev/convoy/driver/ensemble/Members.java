package dev.convoy.driver.ensemble;

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

  List<byte[]> models() {
    return answering.stream().map(Member::model).toList();
  }
}
