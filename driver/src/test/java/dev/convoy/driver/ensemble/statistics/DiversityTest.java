package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.ensemble.predictions.TablePredictions;
import org.junit.jupiter.api.Test;

class DiversityTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void smallCaseByHand() {
    // Of ten examples both are right at 4, both wrong at 3 (once differently), one alone at 1 and
    // 2.
    int[] labels = new int[10];
    int[][] predicted = {
      {0, 0}, {0, 0}, {0, 0}, {0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 1}, {1, 0}, {2, 0}
    };
    Diversity diversity =
        EnsembleStatistics.of(
                TablePredictions.sure(3, labels, predicted), TablePredictions::softVote, 1)
            .diversity();
    assertThat(diversity.disagreement().pairs().get(0).get(1)).isEqualTo(0.4);
    assertThat(diversity.yulesQ().pairs().get(0).get(1)).isEqualTo((12.0 - 2) / (12 + 2));
    assertThat(diversity.doubleFault().pairs().get(1).get(0)).isEqualTo(0.3);
    // Sure answers diverge by ln 2 where they differ.
    assertThat(diversity.divergence().mean()).isCloseTo(0.4 * Math.log(2), within(ROUNDING));
    assertThat(diversity.disagreement().pairs().get(0).get(0)).isNaN();
    assertThat(diversity.disagreement().mean()).isEqualTo(0.4);
    assertThat(diversity.divergenceExamples()).isEqualTo(10);
  }

  @Test
  void divergenceByItsOtherDefinition() {
    float[] answers = {0.75f, 0.25f, 0.125f, 0.875f};
    Diversity diversity =
        EnsembleStatistics.of(
                TablePredictions.of(2, new int[] {0}, new float[][] {answers}),
                TablePredictions::softVote,
                1)
            .diversity();
    double expected =
        (0.75 * Math.log(0.75 / 0.4375)
                + 0.25 * Math.log(0.25 / 0.5625)
                + 0.125 * Math.log(0.125 / 0.4375)
                + 0.875 * Math.log(0.875 / 0.5625))
            / 2;
    assertThat(diversity.divergence().pairs().get(0).get(1)).isCloseTo(expected, within(ROUNDING));
  }

  @Test
  void equalMembersDoNotDiffer() {
    TablePredictions one = TablePredictions.random(3, 50, 1, 5);
    TablePredictions twice =
        TablePredictions.of(one.classes(), one.labels(), doubled(one.probabilities()));
    Diversity diversity = EnsembleStatistics.of(twice, TablePredictions::softVote, 1).diversity();
    assertThat(diversity.disagreement().mean()).isZero();
    assertThat(diversity.divergence().mean()).isCloseTo(0, within(ROUNDING));
    assertThat(diversity.yulesQ().mean()).isEqualTo(1);
    assertThat(diversity.doubleFault().mean())
        .isCloseTo(
            1
                - EnsembleStatistics.of(one, TablePredictions::softVote, 1)
                    .quality()
                    .members()
                    .get(0)
                    .accuracy(),
            within(ROUNDING));
  }

  private static float[][] doubled(float[][] answers) {
    float[][] doubled = new float[answers.length][];
    for (int i = 0; i < answers.length; i++) {
      doubled[i] = new float[2 * answers[i].length];
      System.arraycopy(answers[i], 0, doubled[i], 0, answers[i].length);
      System.arraycopy(answers[i], 0, doubled[i], answers[i].length, answers[i].length);
    }
    return doubled;
  }

  @Test
  void membersInAnotherOrderAreTheSamePairs() {
    TablePredictions predictions = TablePredictions.random(4, 200, 4, 3).withRandomParts(1);
    int[] order = {2, 0, 3, 1};
    Diversity diversity =
        EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).diversity();
    Diversity permuted =
        EnsembleStatistics.of(predictions.permuted(order), TablePredictions::softVote, 1)
            .diversity();
    for (int first = 0; first < 4; first++) {
      for (int second = 0; second < 4; second++) {
        assertSame(permuted.disagreement(), diversity.disagreement(), order, first, second);
        assertSame(permuted.yulesQ(), diversity.yulesQ(), order, first, second);
        assertSame(permuted.doubleFault(), diversity.doubleFault(), order, first, second);
        assertSame(permuted.divergence(), diversity.divergence(), order, first, second);
      }
    }
    assertThat(permuted.yulesQ().mean()).isCloseTo(diversity.yulesQ().mean(), within(ROUNDING));
  }

  private static void assertSame(
      MemberPairs permuted, MemberPairs pairs, int[] order, int first, int second) {
    double expected = pairs.pairs().get(order[first]).get(order[second]);
    if (first == second) {
      assertThat(permuted.pairs().get(first).get(second)).isNaN();
    } else {
      assertThat(permuted.pairs().get(first).get(second)).isCloseTo(expected, within(ROUNDING));
    }
  }

  @Test
  void aPairIsComparedWhereBothTakePart() {
    TablePredictions all =
        TablePredictions.sure(
            2, new int[] {0, 0, 0}, new int[][] {{0, 1, 0}, {0, 0, 1}, {0, 1, 1}});
    TablePredictions some =
        new TablePredictions(
            all.classes(),
            all.labels(),
            all.probabilities(),
            new boolean[][] {{true, true, false}, {true, true, false}, {false, true, false}});
    Diversity diversity = EnsembleStatistics.of(some, TablePredictions::softVote, 1).diversity();
    assertThat(diversity.disagreement().pairs().get(0).get(1)).isEqualTo(0.5);
    assertThat(diversity.divergence().pairs().get(0).get(1))
        .isCloseTo(Math.log(2) / 2, within(ROUNDING));
    assertThat(diversity.disagreement().pairs().get(0).get(2)).isNaN();
    assertThat(diversity.disagreement().mean()).isEqualTo(0.5);
  }

  @Test
  void membersWithoutMistakesHaveNoQAndOneMemberHasNoPairs() {
    int[] labels = {0, 1};
    assertThat(
            EnsembleStatistics.of(
                    TablePredictions.sure(2, labels, new int[][] {{0, 0}, {1, 1}}),
                    TablePredictions::softVote,
                    1)
                .diversity()
                .yulesQ()
                .mean())
        .isNaN();
    assertThat(
            EnsembleStatistics.of(
                    TablePredictions.sure(2, labels, new int[][] {{0}, {0}}),
                    TablePredictions::softVote,
                    1)
                .diversity()
                .disagreement()
                .mean())
        .isNaN();
  }
}
