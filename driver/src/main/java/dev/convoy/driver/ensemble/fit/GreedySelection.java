package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.state.EarlyStopping;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Members chosen one after the other, the same one more than once if it helps, each time the one
 * that makes the mean of those chosen best: ensemble selection with replacement. Caruana,
 * Niculescu-Mizil, Crew and Ksikes, "Ensemble Selection from Libraries of Models", ICML 2004.
 * Driver only.
 *
 * <p>A choice is made in every round, even if it makes things worse; of all the beginnings of the
 * row of choices the best is taken, the shortest of equal ones. The first choice is the best single
 * member, so the selection is never worse than it on these examples. Of equally good members the
 * first is chosen.
 *
 * <p>Members that take no part in an example are replaced there by the mean of those that do: if
 * they were left out instead, every choice but the first would seem to make things worse where it
 * stands alone. A member that takes part in none is never chosen: it would stand for the mean of
 * the others, which is often better than each, and nothing is known of its own.
 *
 * <p>Two passes over the predictions for each round; time grows with rounds × members × examples ×
 * classes. Keeps examples × classes doubles.
 */
public final class GreedySelection {
  private GreedySelection() {}

  /**
   * Selects on the examples that at least one member takes part in.
   *
   * @param metric to be made best
   * @param rounds how many choices are made at most, at least 1
   * @return how often each member was chosen
   * @throws IllegalArgumentException if there are no such examples
   */
  public static List<Integer> of(
      MemberPredictions predictions, EarlyStopping.Metric metric, int rounds) {
    RunningMean mean = new RunningMean(predictions, metric);
    int[] measured = measured(predictions);
    int[] counts = new int[predictions.members()];
    int[] bestCounts = counts;
    double best = Double.NaN;
    for (int round = 0; round < rounds; round++) {
      double[] values = mean.valuesWithOneMore();
      int chosen = best(measured, values, metric);
      counts[chosen]++;
      if (round == 0 || metric.asLoss(values[chosen]) < metric.asLoss(best)) {
        best = values[chosen];
        bestCounts = counts.clone();
      }
      mean.add(chosen);
    }
    return Arrays.stream(bestCounts).boxed().toList();
  }

  /** The members that take part in at least one example. */
  private static int[] measured(MemberPredictions predictions) {
    boolean[] measured = new boolean[predictions.members()];
    boolean[] parts = new boolean[predictions.members()];
    for (int example = 0; example < predictions.examples(); example++) {
      predictions.readParts(example, parts);
      for (int member = 0; member < parts.length; member++) {
        measured[member] |= parts[member];
      }
    }
    return IntStream.range(0, measured.length).filter(member -> measured[member]).toArray();
  }

  private static int best(int[] members, double[] values, EarlyStopping.Metric metric) {
    return Arrays.stream(members)
        .boxed()
        .min(Comparator.comparingDouble(member -> metric.asLoss(values[member])))
        .orElseThrow();
  }
}
