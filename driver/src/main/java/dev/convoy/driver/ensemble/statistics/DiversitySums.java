package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.BitSet;

/** Adds up {@link Diversity}. All axes are [first, second], with the first below the second. */
final class DiversitySums {
  /** Some half a minute. */
  private static final long MOST_LOGARITHMS = 1_000_000_000;

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

  private DiversitySums(int members, BitSet drawn) {
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

  static DiversitySums of(MemberPredictions predictions, long seed) {
    long pairs = (long) predictions.members() * (predictions.members() - 1) / 2;
    long logarithms = Math.max(1, pairs * predictions.classes());
    return new DiversitySums(
        predictions.members(),
        KeyedSample.of(seed, predictions.examples(), Math.max(1, MOST_LOGARITHMS / logarithms)));
  }

  void add(MemberAnswers answers) {
    for (int first = 0; first < members; first++) {
      for (int second = first + 1; second < members; second++) {
        if (answers.takesPart(first) && answers.takesPart(second)) {
          count(answers, first, second);
        }
      }
    }
    if (drawn.get(answers.example())) {
      addDivergences(answers);
      divergenceExamples++;
    }
  }

  private void count(MemberAnswers answers, int first, int second) {
    boolean isFirstRight = answers.predicted(first) == answers.label();
    boolean isSecondRight = answers.predicted(second) == answers.label();
    together[first][second]++;
    different[first][second] += answers.predicted(first) == answers.predicted(second) ? 0 : 1;
    if (isFirstRight) {
      (isSecondRight ? bothRight : firstRight)[first][second]++;
    } else {
      (isSecondRight ? secondRight : bothWrong)[first][second]++;
    }
  }

  private void addDivergences(MemberAnswers answers) {
    int classes = answers.classes();
    float[] probabilities = answers.probabilities();
    for (int first = members - 1; first >= 0; first--) {
      if (!answers.takesPart(first)) {
        continue;
      }
      entropies[first] = Entropy.of(probabilities, first * classes, classes);
      for (int second = first + 1; second < members; second++) {
        if (answers.takesPart(second)) {
          divergenceSums[first][second] +=
              Entropy.ofMean(probabilities, first * classes, second * classes, classes)
                  - (entropies[first] + entropies[second]) / 2;
          compared[first][second]++;
        }
      }
    }
  }

  Diversity diversity() {
    return new Diversity(
        MemberPairs.of(members, (first, second) -> share(different, first, second)),
        MemberPairs.of(members, this::yulesQ),
        MemberPairs.of(members, (first, second) -> share(bothWrong, first, second)),
        MemberPairs.of(
            members,
            (first, second) ->
                // Rounding may take equal answers below 0.
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
