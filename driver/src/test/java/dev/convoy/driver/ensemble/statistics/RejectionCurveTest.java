package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.ensemble.statistics.RejectionCurve.Point;
import dev.convoy.worker.Probabilities;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectionCurveTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void smallCaseByHand() {
    // By entropy: example 2 (right), then 0 (wrong) and 3 (right), which are equal, then 1 (wrong).
    TablePredictions predictions =
        TablePredictions.of(
            2,
            new int[] {1, 0, 0, 0},
            new float[][] {{0.75f, 0.25f}, {0.375f, 0.625f}, {1, 0}, {0.75f, 0.25f}});
    RejectionCurve curve =
        EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).confidence().rejection();
    assertThat(curve.points())
        .containsExactly(
            new Point(0.25, 1), new Point(0.5, 0.5), new Point(0.75, 2.0 / 3), new Point(1, 0.5));
    assertThat(curve.area()).isCloseTo((1 + 0.5 + 2.0 / 3 + 0.5) / 4, within(ROUNDING));
  }

  @Test
  void ofManyExamplesThereAreAHundredPointsAndTheLastIsTheAccuracy() {
    TablePredictions predictions = TablePredictions.random(1, 1234, 3, 4);
    RejectionCurve curve =
        EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).confidence().rejection();
    List<Point> points = curve.points();
    assertThat(points).hasSize(100);
    assertThat(points.get(99))
        .isEqualTo(new Point(1, Scores.of(predictions, TablePredictions::softVote).accuracy()));
    for (int i = 0; i < 100; i++) {
      assertThat(points.get(i).keptShare())
          .isBetween((i + 1) / 100.0, (i + 1) / 100.0 + 1.0 / 1234);
    }
  }

  @Test
  void theAreaIsTheMeanAccuracyOfTheSurest() {
    TablePredictions predictions = TablePredictions.random(2, 150, 3, 4);
    List<Double> entropies = new ArrayList<>();
    List<Boolean> right = new ArrayList<>();
    EnsembleAnswer.forEach(
        predictions,
        TablePredictions::softVote,
        answer -> {
          entropies.add(Probabilities.entropy(answer.probabilities()));
          right.add(answer.predicted() == answer.label());
        });
    double accuracies = 0;
    for (int rejected = 0; rejected < 150; rejected++) {
      accuracies += (double) Collections.frequency(right, true) / right.size();
      int leastSure = entropies.lastIndexOf(Collections.max(entropies));
      entropies.remove(leastSure);
      right.remove(leastSure);
    }
    assertThat(
            EnsembleStatistics.of(predictions, TablePredictions::softVote, 1)
                .confidence()
                .rejection()
                .area())
        .isCloseTo(accuracies / 150, within(ROUNDING));
  }

  @Test
  void ofPerfectAnswersNothingIsGained() {
    RejectionCurve curve =
        EnsembleStatistics.of(
                TablePredictions.sure(2, new int[] {0, 1}, new int[][] {{0}, {1}}),
                TablePredictions::softVote,
                1)
            .confidence()
            .rejection();
    assertThat(curve.area()).isEqualTo(1);
    assertThat(curve.points()).containsExactly(new Point(0.5, 1), new Point(1, 1));
  }

  @Test
  void examplesWithoutAnswerDoNotCount() {
    TablePredictions all = TablePredictions.sure(2, new int[] {0, 1}, new int[][] {{1}, {1}});
    TablePredictions some =
        new TablePredictions(
            2, all.labels(), all.probabilities(), new boolean[][] {{false}, {true}});
    assertThat(
            EnsembleStatistics.of(some, TablePredictions::softVote, 1)
                .confidence()
                .rejection()
                .points())
        .containsExactly(new Point(1, 1));
  }
}
