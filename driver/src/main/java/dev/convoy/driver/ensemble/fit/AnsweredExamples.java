package dev.convoy.driver.ensemble.fit;

import dev.convoy.data.Text;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.stream.IntStream;

/** The examples that at least one member answers. Nothing is learned from the others. */
final class AnsweredExamples {
  private AnsweredExamples() {}

  /**
   * Their indices, ascending.
   *
   * @throws IllegalArgumentException if there is none
   */
  static int[] indices(MemberPredictions predictions) {
    IntStream.Builder indices = IntStream.builder();
    if (predictions.forEachAnswered((example, answers) -> indices.add(example)) == 0) {
      throw new IllegalArgumentException(
          "Cannot learn to combine members: expected an example that one takes part in, found none"
              + Text.of(" of %,d.", predictions.examples()));
    }
    return indices.build().toArray();
  }

  /**
   * How many there are.
   *
   * @throws IllegalArgumentException if there is none
   */
  static int count(MemberPredictions predictions) {
    return indices(predictions).length;
  }
}
