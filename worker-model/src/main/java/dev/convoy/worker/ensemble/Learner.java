package dev.convoy.worker.ensemble;

import java.util.List;

/** What can be learned from the members' predictions for labelled examples. */
public interface Learner {
  /** The weights of the members with which the mean of their probabilities fits best. */
  List<Double> mixtureWeights();

  /**
   * How often each member is chosen where the one that helps most is added again and again.
   *
   * @param rounds how many are chosen at most, at least 1
   */
  List<Double> selection(int rounds);

  /**
   * A logistic regression from the members' probabilities to the label.
   *
   * @param maxExamples that are learned from, at least 1
   */
  StackedVote regression(int maxExamples);
}
