package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;
import dev.convoy.worker.ensemble.MemberAnswers;
import java.util.Locale;
import java.util.stream.IntStream;

/** The examples that at least one member takes part in. The others tell nothing. */
final class AnsweredExamples {
  /** Takes in examples one after the other. */
  interface Visitor {
    /**
     * Takes in one.
     *
     * @param answers valid during the call
     */
    void visit(int example, MemberAnswers answers);
  }

  private AnsweredExamples() {}

  /**
   * Which they are, ascending.
   *
   * @throws IllegalArgumentException if there is none
   */
  static int[] indices(MemberPredictions predictions) {
    boolean[] parts = new boolean[predictions.members()];
    int[] indices =
        IntStream.range(0, predictions.examples())
            .filter(
                example -> {
                  predictions.readParts(example, parts);
                  return any(parts);
                })
            .toArray();
    if (indices.length == 0) {
      throw new IllegalArgumentException(
          "Cannot learn to combine members: expected an example that one takes part in, found none"
              + String.format(Locale.ROOT, " of %,d.", predictions.examples()));
    }
    return indices;
  }

  /**
   * How many there are.
   *
   * @throws IllegalArgumentException if there is none
   */
  static int count(MemberPredictions predictions) {
    return indices(predictions).length;
  }

  /** Shows them in their order. */
  static void forEach(MemberPredictions predictions, Visitor visitor) {
    float[] probabilities = new float[predictions.members() * predictions.classes()];
    boolean[] parts = new boolean[predictions.members()];
    MemberAnswers answers = new MemberAnswers(probabilities, parts, predictions.classes());
    for (int example = 0; example < predictions.examples(); example++) {
      predictions.readParts(example, parts);
      if (any(parts)) {
        predictions.read(example, probabilities);
        visitor.visit(example, answers);
      }
    }
  }

  /** The loss of one example: -log of its label's probability. */
  static double loss(double probability) {
    return -StrictMath.log(Math.max(probability, Combination.SMALLEST_PROBABILITY));
  }

  private static boolean any(boolean[] parts) {
    for (boolean part : parts) {
      if (part) {
        return true;
      }
    }
    return false;
  }
}
