package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.ensemble.predictions.TablePredictions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoresTest {
  /** Sums of few terms in double precision. */
  private static final double ROUNDING = 1e-12;

  @Test
  void smallCaseByHand() {
    Scores.Sums sums = new Scores.Sums(3);
    sums.add(new double[] {0.5, 0.3, 0.2}, 0);
    sums.add(new double[] {0.6, 0.1, 0.3}, 2);

    Scores scores = sums.result();

    assertThat(scores.examples()).isEqualTo(2);
    assertThat(scores.accuracy()).isEqualTo(0.5);
    assertThat(scores.topFiveAccuracy()).isEqualTo(1);
    assertThat(scores.negativeLogLikelihood())
        .isCloseTo(-(Math.log(0.5) + Math.log(0.3)) / 2, within(ROUNDING));
    // 0.25 + 0.09 + 0.04 and 0.36 + 0.01 + 0.49
    assertThat(scores.brier()).isCloseTo((0.38 + 0.86) / 2, within(ROUNDING));
    // Right with 0.5 in (7/15, 8/15], wrong with 0.6, which is the upper bound of its bin.
    assertThat(scores.calibration().expectedError()).isCloseTo((0.5 + 0.6) / 2, within(ROUNDING));
    assertThat(scores.calibration().maximumError()).isCloseTo(0.6, within(ROUNDING));
    assertThat(scores.calibration().bins().get(7).examples()).isEqualTo(1);
    assertThat(scores.calibration().bins().get(8).examples()).isEqualTo(1);
  }

  @Test
  void ofEqualProbabilitiesTheLowerClassComesFirst() {
    double[] equal = {0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125};
    for (int label = 0; label < 8; label++) {
      Scores.Sums sums = new Scores.Sums(8);
      sums.add(equal, label);
      assertThat(sums.result().accuracy()).isEqualTo(label == 0 ? 1 : 0);
      assertThat(sums.result().topFiveAccuracy()).isEqualTo(label < 5 ? 1 : 0);
    }
  }

  @Test
  void aSureMistakeHasTheLossOfTheSmallestProbability() {
    Scores.Sums sums = new Scores.Sums(2);
    sums.add(new double[] {1, 0}, 1);
    assertThat(sums.result().negativeLogLikelihood())
        .isCloseTo(10 * Math.log(10), within(ROUNDING));
    assertThat(sums.result().brier()).isEqualTo(2);
  }

  @Test
  void perfectAnswersHaveNoLoss() {
    Scores.Sums sums = new Scores.Sums(2);
    sums.add(new double[] {1, 0}, 0);
    sums.add(new double[] {0, 1}, 1);
    Scores scores = sums.result();
    assertThat(scores.accuracy()).isEqualTo(1);
    assertThat(scores.negativeLogLikelihood()).isZero();
    assertThat(scores.brier()).isZero();
    assertThat(scores.calibration().expectedError()).isZero();
  }

  @Test
  void answersThatAreRightAsOftenAsTheySayHaveNoCalibrationError() {
    Scores.Sums sums = new Scores.Sums(2);
    // Of those with confidence k/16, k of 16 are right; all are exact in binary.
    for (int confidence = 9; confidence <= 16; confidence++) {
      for (int i = 0; i < 16; i++) {
        sums.add(new double[] {confidence / 16.0, 1 - confidence / 16.0}, i < confidence ? 0 : 1);
      }
    }
    assertThat(sums.result().calibration().expectedError()).isZero();
    assertThat(sums.result().calibration().maximumError()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 10, 15, 49, 100})
  void aBoundBelongsToTheBinBelowIt(int bins) {
    for (int i = 1; i <= bins; i++) {
      double bound = (double) i / bins;
      assertThat(binOf(bound, bins)).isEqualTo(i - 1);
      assertThat(binOf(Math.nextUp(bound), bins)).isEqualTo(Math.min(i, bins - 1));
    }
  }

  private static int binOf(double confidence, int bins) {
    Calibration.Sums sums = new Calibration.Sums(bins);
    sums.add(confidence, true);
    return sums.result().bins().stream().map(Calibration.Bin::examples).toList().indexOf(1L);
  }

  @Test
  void withoutAnswersThereAreNoScores() {
    Scores scores = new Scores.Sums(3).result();
    assertThat(scores.examples()).isZero();
    assertThat(scores.accuracy()).isNaN();
    assertThat(scores.negativeLogLikelihood()).isNaN();
    assertThat(scores.calibration().expectedError()).isNaN();
    assertThat(scores.calibration().maximumError()).isNaN();
  }

  @Test
  void aMembersScoresAreOfTheExamplesInWhichItTakesPart() {
    TablePredictions all =
        TablePredictions.sure(2, new int[] {0, 1, 1}, new int[][] {{0}, {0}, {1}});
    TablePredictions some =
        new TablePredictions(
            2, all.labels(), all.probabilities(), new boolean[][] {{true}, {false}, {true}});
    assertThat(
            EnsembleStatistics.of(all, TablePredictions::softVote, 1)
                .quality()
                .members()
                .get(0)
                .accuracy())
        .isEqualTo(2.0 / 3);
    assertThat(
            EnsembleStatistics.of(some, TablePredictions::softVote, 1)
                .quality()
                .members()
                .get(0)
                .accuracy())
        .isEqualTo(1);
    assertThat(
            EnsembleStatistics.of(some, TablePredictions::softVote, 1)
                .quality()
                .members()
                .get(0)
                .examples())
        .isEqualTo(2);
    assertThat(Scores.of(some, TablePredictions::softVote))
        .isEqualTo(
            EnsembleStatistics.of(some, TablePredictions::softVote, 1).quality().members().get(0));
  }

  @Test
  void whatIsNoAnswerIsRefused() {
    Scores.Sums sums = new Scores.Sums(3);
    assertThatThrownBy(() -> sums.add(new double[2], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot score an answer: expected 3 classes, found 2 probabilities and label 0");
    assertThatThrownBy(() -> sums.add(new double[3], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot score an answer: expected 3 classes, found 3 probabilities and label 3");
  }
}
