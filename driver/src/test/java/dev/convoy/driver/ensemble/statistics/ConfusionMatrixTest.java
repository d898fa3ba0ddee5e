package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.ensemble.statistics.ConfusionMatrix.ClassScores;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  @Test
  void smallCaseByHand() {
    ConfusionMatrix matrix =
        matrix(new int[][] {{3, 1, 0, 0}, {2, 2, 0, 0}, {0, 1, 0, 0}, new int[4]});

    assertThat(matrix.counts()[0][1]).isEqualTo(1);
    assertThat(matrix.counts()[1][0]).isEqualTo(2);
    assertThat(matrix.classes())
        .containsExactly(
            new ClassScores(3.0 / 5, 3.0 / 4, 6.0 / 9, 4),
            new ClassScores(2.0 / 4, 2.0 / 4, 4.0 / 8, 4),
            new ClassScores(Double.NaN, 0, 0, 1),
            new ClassScores(Double.NaN, Double.NaN, Double.NaN, 0));
    // What is undefined does not count.
    assertThat(matrix.macroMean().precision()).isEqualTo((3.0 / 5 + 2.0 / 4) / 2);
    assertThat(matrix.macroMean().recall()).isEqualTo((3.0 / 4 + 2.0 / 4 + 0) / 3);
    assertThat(matrix.macroMean().support()).isEqualTo(9);
  }

  @Test
  void theRecallOfAClassThatIsOnlyPredictedIsUndefined() {
    ConfusionMatrix matrix = matrix(new int[][] {{1, 1}, {0, 0}});
    assertThat(matrix.macroMean()).isEqualTo(new ClassScores(0.5, 0.5, 1.0 / 3, 2));
  }

  @Test
  void nothingCountedHasNoMean() {
    assertThat(matrix(new int[2][2]).macroMean().precision()).isNaN();
  }

  private static ConfusionMatrix matrix(int[][] rows) {
    ConfusionMatrix.Counts counts = new ConfusionMatrix.Counts(rows.length);
    for (int actual = 0; actual < rows.length; actual++) {
      for (int predicted = 0; predicted < rows.length; predicted++) {
        for (int i = 0; i < rows[actual][predicted]; i++) {
          counts.add(actual, predicted);
        }
      }
    }
    return counts.result();
  }
}
