package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.worker.ensemble.WeightedVote;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
 * stands alone.
 *
 * <p>Two passes over the predictions for each round; time grows with rounds × members × examples ×
 * classes. Keeps examples × classes doubles.
 *
 * @param counts how often each member was chosen
 * @param metric of the selection on the examples, with members replaced as above
 */
public record GreedySelection(List<Integer> counts, double metric) {
  /** Copies. */
  public GreedySelection {
    counts = List.copyOf(counts);
  }

  /**
   * Selects on the examples that at least one member takes part in.
   *
   * @param metric to be made best
   * @param rounds how many choices are made at most, at least 1
   * @param sorted how many of the first choices are the best single members, from the best on: the
   *     paper's sorted initialisation, against overfitting; from 1 to the number of members
   * @throws IllegalArgumentException if there are no such examples, or a number is out of its range
   */
  public static GreedySelection of(
      MemberPredictions predictions, EarlyStopping.Metric metric, int rounds, int sorted) {
    if (rounds < 1 || sorted < 1 || sorted > predictions.members()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot select members: expected at least 1 round and 1 to %d sorted first, found %d and"
                  + " %d.",
              predictions.members(),
              rounds,
              sorted));
    }
    RunningMean mean = new RunningMean(predictions, metric);
    double[] singles = mean.valuesWithOneMore();
    int[] order = bestFirst(singles, metric);
    int[] counts = new int[singles.length];
    int[] bestCounts = counts;
    double best = Double.NaN;
    double[] values = singles;
    for (int round = 0; round < rounds; round++) {
      int chosen = round < sorted ? order[round] : bestFirst(values, metric)[0];
      counts[chosen]++;
      if (round == 0 || metric.asLoss(values[chosen]) < metric.asLoss(best)) {
        best = values[chosen];
        bestCounts = counts.clone();
      }
      if (round + 1 < rounds) {
        mean.add(chosen);
        values = mean.valuesWithOneMore();
      }
    }
    return new GreedySelection(Arrays.stream(bestCounts).boxed().toList(), best);
  }

  private static int[] bestFirst(double[] values, EarlyStopping.Metric metric) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(member -> metric.asLoss(values[member])))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The counts as a rule. */
  public WeightedVote rule() {
    return new WeightedVote(counts.stream().map(Integer::doubleValue).toList());
  }
}
