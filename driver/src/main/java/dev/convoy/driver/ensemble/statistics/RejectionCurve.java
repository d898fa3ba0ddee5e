package dev.convoy.driver.ensemble.statistics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is gained by leaving out the examples that the ensemble is least sure of: those of the
 * highest predictive entropy, of equals the later ones first (Geifman and El-Yaniv, "Selective
 * Classification for Deep Neural Networks", NeurIPS 2017).
 *
 * @param area mean over n of the accuracy on the n surest examples, from 0 to 1: 1 less their area
 *     under the curve of risk over coverage; NaN without examples
 * @param points at most a hundred, by ascending share; the last keeps all
 */
public record RejectionCurve(double area, List<Point> points) {

  /**
   * Of the surest examples.
   *
   * @param keptShare how many of all, from above 0 to 1
   * @param accuracy share of them taken for the right class
   */
  public record Point(double keptShare, double accuracy) {}

  /** Keeps a number and a bit of every example. */
  static final class Sums implements Statistic<RejectionCurve> {
    private static final int POINTS = 100;

    private final double[] entropies;
    private final BitSet right = new BitSet();
    private int examples;

    Sums(int maxExamples) {
      entropies = new double[maxExamples];
    }

    @Override
    public void add(EnsembleAnswer answer) {
      right.set(examples, answer.isRight());
      entropies[examples] = answer.uncertainty().predictiveEntropy();
      examples++;
    }

    @Override
    public RejectionCurve result() {
      // The sort is stable, so that equals stay in their order.
      int[] surestFirst =
          IntStream.range(0, examples)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> entropies[i]))
              .mapToInt(i -> i)
              .toArray();
      List<Point> points = new ArrayList<>();
      int rightSoFar = 0;
      double accuracies = 0;
      for (int kept = 1; kept <= examples; kept++) {
        rightSoFar += right.get(surestFirst[kept - 1]) ? 1 : 0;
        double accuracy = (double) rightSoFar / kept;
        accuracies += accuracy;
        if (hundredths(kept) > hundredths(kept - 1)) {
          points.add(new Point((double) kept / examples, accuracy));
        }
      }
      return new RejectionCurve(accuracies / examples, points);
    }

    private long hundredths(int kept) {
      return (long) kept * POINTS / examples;
    }
  }
}
