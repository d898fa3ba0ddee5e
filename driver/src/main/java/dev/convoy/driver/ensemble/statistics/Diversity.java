package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.Probabilities;
import java.util.BitSet;

/**
 * How members differ, pair by pair (Kuncheva and Whitaker, "Measures of Diversity in Classifier
 * Ensembles and Their Relationship with the Ensemble Accuracy", Machine Learning 51, 2003). A pair
 * is compared on the examples in which both take part; without any, its numbers are NaN.
 *
 * <p>Kuncheva and Whitaker's disagreement asks whether one of two is right and the other wrong;
 * here two different wrong classes are a disagreement too.
 *
 * @param disagreement share of examples that the two take for different classes, from 0 to 1
 * @param yulesQ (both right · both wrong − first right · second right) / (both right · both wrong +
 *     first right · second right), where first and second right count those where the other is
 *     wrong; from −1 to 1, 0 for independent members; NaN if the denominator is 0, as for members
 *     without mistakes
 * @param doubleFault share of examples that both take for a wrong class, from 0 to 1
 * @param divergence mean of Jensen and Shannon's divergence, H(mean of both) − mean of both H, in
 *     nats, from 0 to ln 2 (Lin, "Divergence measures based on the Shannon entropy", IEEE
 *     Transactions on Information Theory 37, 1991)
 * @param divergenceExamples how many examples the divergence was taken of: all, or a sample where
 *     it would take more than a billion logarithms
 */
public record Diversity(
    MemberPairs disagreement,
    MemberPairs yulesQ,
    MemberPairs doubleFault,
    MemberPairs divergence,
    int divergenceExamples) {

  /** Adds up examples. All axes are [first, second], with the first below the second. */
  static final class Sums implements Statistic<Diversity> {
    /** Some half a minute. */
    private static final long MAX_LOGARITHMS = 1_000_000_000;

    private final BitSet drawn;
    private final int members;
    private final long[][] together;
    private final long[][] different;
    private final long[][] bothRight;
    private final long[][] bothWrong;
    private final long[][] firstRight;
    private final long[][] secondRight;
    private final long[][] compared;
    private final double[][] divergenceSums;
    private final double[] entropies;
    private int divergenceExamples;

    private Sums(int members, BitSet drawn) {
      this.drawn = drawn;
      this.members = members;
      together = new long[members][members];
      different = new long[members][members];
      bothRight = new long[members][members];
      bothWrong = new long[members][members];
      firstRight = new long[members][members];
      secondRight = new long[members][members];
      compared = new long[members][members];
      divergenceSums = new double[members][members];
      entropies = new double[members];
    }

    static Sums of(MemberPredictions predictions, long seed) {
      long pairs = (long) predictions.members() * (predictions.members() - 1) / 2;
      long logarithms = Math.max(1, pairs * predictions.classes());
      return new Sums(
          predictions.members(),
          KeyedSample.of(seed, predictions.examples(), Math.max(1, MAX_LOGARITHMS / logarithms)));
    }

    @Override
    public void add(EnsembleAnswer answer) {
      for (int first = 0; first < members; first++) {
        for (int second = first + 1; second < members; second++) {
          if (answer.takesPart(first) && answer.takesPart(second)) {
            count(answer, first, second);
          }
        }
      }
      if (drawn.get(answer.example())) {
        addDivergences(answer);
        divergenceExamples++;
      }
    }

    private void count(EnsembleAnswer answer, int first, int second) {
      boolean isFirstRight = answer.predicted(first) == answer.label();
      boolean isSecondRight = answer.predicted(second) == answer.label();
      together[first][second]++;
      different[first][second] += answer.predicted(first) == answer.predicted(second) ? 0 : 1;
      if (isFirstRight) {
        (isSecondRight ? bothRight : firstRight)[first][second]++;
      } else {
        (isSecondRight ? secondRight : bothWrong)[first][second]++;
      }
    }

    private void addDivergences(EnsembleAnswer answer) {
      int classes = answer.classes();
      float[] probabilities = answer.ofMembers().probabilities();
      for (int first = members - 1; first >= 0; first--) {
        if (!answer.takesPart(first)) {
          continue;
        }
        entropies[first] = Probabilities.entropy(probabilities, first * classes, classes);
        for (int second = first + 1; second < members; second++) {
          if (answer.takesPart(second)) {
            divergenceSums[first][second] +=
                entropyOfMean(probabilities, first * classes, second * classes, classes)
                    - (entropies[first] + entropies[second]) / 2;
            compared[first][second]++;
          }
        }
      }
    }

    private static double entropyOfMean(
        float[] probabilities, int from, int otherFrom, int classes) {
      double entropy = 0;
      for (int i = 0; i < classes; i++) {
        entropy +=
            Probabilities.entropy(
                ((double) probabilities[from + i] + probabilities[otherFrom + i]) / 2);
      }
      return entropy;
    }

    @Override
    public Diversity result() {
      return new Diversity(
          MemberPairs.of(members, (first, second) -> share(different, first, second)),
          MemberPairs.of(members, this::yulesQ),
          MemberPairs.of(members, (first, second) -> share(bothWrong, first, second)),
          MemberPairs.of(
              members,
              (first, second) ->
                  // Rounding may take equal answer below 0.
                  Math.max(0, divergenceSums[first][second] / compared[first][second])),
          divergenceExamples);
    }

    private double share(long[][] counts, int first, int second) {
      return (double) counts[first][second] / together[first][second];
    }

    private double yulesQ(int first, int second) {
      double same = (double) bothRight[first][second] * bothWrong[first][second];
      double other = (double) firstRight[first][second] * secondRight[first][second];
      return (same - other) / (same + other);
    }
  }
}
