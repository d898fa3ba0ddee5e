package dev.convoy.driver.ensemble.statistics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Keeps what a {@link RejectionCurve} needs: a number and a bit of every example. */
final class RejectionSums {
  private static final int POINTS = 100;

  private final double[] entropies;
  private final BitSet right = new BitSet();
  private int examples;

  RejectionSums(int mostExamples) {
    entropies = new double[mostExamples];
  }

  void add(EnsembleAnswer answer) {
    right.set(examples, answer.right());
    entropies[examples] = answer.uncertainty().predictiveEntropy();
    examples++;
  }

  RejectionCurve curve() {
    // The sort is stable, so that equals stay in their order.
    int[] surestFirst =
        IntStream.range(0, examples)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> entropies[i]))
            .mapToInt(i -> i)
            .toArray();
    List<RejectionCurve.Point> points = new ArrayList<>();
    int rightSoFar = 0;
    double accuracies = 0;
    for (int kept = 1; kept <= examples; kept++) {
      rightSoFar += right.get(surestFirst[kept - 1]) ? 1 : 0;
      double accuracy = (double) rightSoFar / kept;
      accuracies += accuracy;
      if (hundredths(kept) > hundredths(kept - 1)) {
        points.add(new RejectionCurve.Point((double) kept / examples, accuracy));
      }
    }
    return new RejectionCurve(accuracies / examples, points);
  }

  private long hundredths(int kept) {
    return (long) kept * POINTS / examples;
  }
}
