package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.ensemble.predictions.TablePredictions;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberCountCurveTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void smallCaseByHand() {
    // Alone the first is wrong on both, the second right on both; of two that differ, their mean.
    TablePredictions predictions =
        TablePredictions.of(
            2,
            new int[] {0, 1},
            new float[][] {{0.375f, 0.625f, 0.75f, 0.25f}, {0.875f, 0.125f, 0.25f, 0.75f}});
    MemberCountCurve curve =
        EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).memberCount();

    MemberCountCurve.Vote first = curve.points().get(0).inOrder();
    MemberCountCurve.Vote both = curve.points().get(1).inOrder();
    assertThat(first.accuracy()).isZero();
    assertThat(first.negativeLogLikelihood())
        .isCloseTo(-(Math.log(0.375) + Math.log(0.125)) / 2, within(ROUNDING));
    assertThat(both.accuracy()).isEqualTo(0.5);
    assertThat(both.negativeLogLikelihood())
        .isCloseTo(-(Math.log(0.5625) + Math.log(0.4375)) / 2, within(ROUNDING));
    // Some orders begin with the first, others with the second.
    double mean = curve.points().get(0).accuracy().mean();
    assertThat(mean).isStrictlyBetween(0.0, 1.0);
    assertThat(curve.points().get(0).accuracy().deviation())
        .isCloseTo(Math.sqrt(mean * (1 - mean) * 20 / 19), within(ROUNDING));
    assertThat(curve.points().get(1).accuracy().mean()).isEqualTo(0.5);
    assertThat(curve.points().get(1).accuracy().deviation()).isZero();
  }

  @Test
  void allMembersAreTheSoftVoteAndTheFirstIsTheFirst() {
    for (TablePredictions predictions :
        List.of(
            TablePredictions.random(1, 300, 5, 4),
            TablePredictions.random(2, 300, 5, 4).withRandomParts(3))) {
      List<MemberCountCurve.Point> points =
          EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).memberCount().points();
      Scores all = Scores.of(predictions, TablePredictions::softVote);
      Scores first =
          EnsembleStatistics.of(predictions, TablePredictions::softVote, 1)
              .quality()
              .members()
              .get(0);
      assertThat(points).hasSize(5);
      assertSame(points.get(4).inOrder(), all);
      assertSame(points.get(0).inOrder(), first);
      assertThat(points.get(4).accuracy().mean()).isCloseTo(all.accuracy(), within(ROUNDING));
      assertThat(points.get(4).negativeLogLikelihood().deviation()).isCloseTo(0, within(ROUNDING));
    }
  }

  private static void assertSame(MemberCountCurve.Vote vote, Scores scores) {
    assertThat(vote.examples()).isEqualTo(scores.examples());
    assertThat(vote.accuracy()).isEqualTo(scores.accuracy());
    assertThat(vote.negativeLogLikelihood())
        .isCloseTo(scores.negativeLogLikelihood(), within(ROUNDING));
  }

  @Test
  void moreMembersNeverWorsenTheLikelihoodInTheMeanOverOrders() {
    // By Jensen's inequality for all orders; 20 drawn ones may miss it by their deviation.
    List<MemberCountCurve.Point> points =
        EnsembleStatistics.of(TablePredictions.random(4, 500, 6, 3), TablePredictions::softVote, 1)
            .memberCount()
            .points();
    for (int i = 1; i < points.size(); i++) {
      assertThat(points.get(i).negativeLogLikelihood().mean())
          .isLessThan(
              points.get(i - 1).negativeLogLikelihood().mean()
                  + points.get(i - 1).negativeLogLikelihood().deviation());
    }
    assertThat(points.get(5).negativeLogLikelihood().mean())
        .isLessThan(points.get(0).negativeLogLikelihood().mean());
  }

  @Test
  void theSeedDrawsTheOrders() {
    TablePredictions predictions = TablePredictions.random(5, 100, 6, 3);
    assertThat(EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).memberCount())
        .isEqualTo(EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).memberCount());
    assertThat(EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).memberCount())
        .isNotEqualTo(
            EnsembleStatistics.of(predictions, TablePredictions::softVote, 2).memberCount());
  }

  @Test
  void whereNoneOfTheFirstTakesPartThereIsNoVote() {
    TablePredictions all = TablePredictions.sure(2, new int[] {0, 0}, new int[][] {{0, 0}, {1, 0}});
    TablePredictions some =
        new TablePredictions(
            2, all.labels(), all.probabilities(), new boolean[][] {{false, true}, {false, true}});
    List<MemberCountCurve.Point> points =
        EnsembleStatistics.of(some, TablePredictions::softVote, 1).memberCount().points();
    assertThat(points.get(0).inOrder().examples()).isZero();
    assertThat(points.get(0).inOrder().accuracy()).isNaN();
    assertThat(points.get(1).inOrder()).isEqualTo(new MemberCountCurve.Vote(2, 1, 0));
    assertThat(points.get(0).accuracy().mean()).isEqualTo(1);
  }
}
