package dev.convoy.driver.ensemble.statistics;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Keeps the {@link LeastSure}. */
final class LeastSureQueue {
  private static final Comparator<LeastSure.Example> LEAST_SURE_FIRST =
      Comparator.comparingDouble(LeastSure.Example::predictiveEntropy)
          .reversed()
          .thenComparingInt(LeastSure.Example::example);

  private final int count;
  private final PriorityQueue<LeastSure.Example> surestFirst =
      new PriorityQueue<>(LEAST_SURE_FIRST.reversed());

  LeastSureQueue(int count) {
    this.count = count;
  }

  void add(EnsembleAnswer answer) {
    MemberAnswers members = answer.members();
    surestFirst.add(
        new LeastSure.Example(
            members.example(),
            members.id(),
            members.label(),
            answer.predicted(),
            answer.probabilities()[answer.predicted()],
            answer.probabilities()[members.label()],
            answer.uncertainty().predictiveEntropy()));
    if (surestFirst.size() > count) {
      surestFirst.remove();
    }
  }

  LeastSure leastSure() {
    return new LeastSure(surestFirst.stream().sorted(LEAST_SURE_FIRST).toList());
  }
}
