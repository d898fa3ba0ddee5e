package dev.convoy.driver.ensemble.predictions;

import dev.convoy.worker.ensemble.MemberAnswers;

/**
 * Class probabilities of labelled examples, member by member. Read in the order of examples it
 * costs little memory, however many there are. Driver only; immutable, and read by one thread at a
 * time.
 */
public interface MemberPredictions {
  /** How many examples there are. */
  int examples();

  /** How many members there are, at least 1. */
  int members();

  /** How many classes there are, at least 2. */
  int classes();

  /** The class of an example, counted from 0. */
  int label(int example);

  /** The example's id in the listing of its source. */
  int id(int example);

  /**
   * Copies the predictions of all members for one example.
   *
   * @param into axes [member, class], {@code members() × classes()} long; of a member that takes no
   *     part, anything
   */
  void read(int example, float[] into);

  /**
   * Which members take part in one example: all, or for out-of-bag predictions those that did not
   * train on it.
   *
   * @param into {@code members()} long
   */
  void readParts(int example, boolean[] into);

  /** Takes in examples, one after the other. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes in an example.
     *
     * @param answers of the members; valid during the call
     */
    void visit(int example, MemberAnswers answers);
  }

  /**
   * Shows the examples in which at least one member takes part, in ascending order.
   *
   * @return how many these are
   */
  default int forEachAnswered(Visitor visitor) {
    float[] probabilities = new float[members() * classes()];
    boolean[] parts = new boolean[members()];
    MemberAnswers answers = new MemberAnswers(probabilities, parts, classes());
    int answered = 0;
    for (int example = 0; example < examples(); example++) {
      readParts(example, parts);
      if (answers.any()) {
        read(example, probabilities);
        visitor.visit(example, answers);
        answered++;
      }
    }
    return answered;
  }
}
