package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.worker.ensemble.MemberAnswers;
import org.junit.jupiter.api.Test;

class UncertaintyTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void smallCaseByHand() {
    // Two sure members that differ, a third that is left out.
    Uncertainty uncertainty =
        Uncertainty.of(
            new MemberAnswers(
                new float[] {1, 0, 0.5f, 0.5f, 0, 1}, new boolean[] {true, false, true}, 2),
            new double[] {0.5, 0.5});
    assertThat(uncertainty.predictiveEntropy()).isCloseTo(Math.log(2), within(ROUNDING));
    assertThat(uncertainty.expectedEntropy()).isZero();
    assertThat(uncertainty.mutualInformation()).isCloseTo(Math.log(2), within(ROUNDING));
    assertThat(uncertainty.disagreement()).isEqualTo(0.5);
  }

  @Test
  void membersThatAreUnsureAlikeShareNoInformation() {
    Uncertainty uncertainty =
        Uncertainty.of(
            new MemberAnswers(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, new boolean[] {true, true}, 2),
            new double[] {0.5, 0.5});
    assertThat(uncertainty.expectedEntropy()).isCloseTo(Math.log(2), within(ROUNDING));
    assertThat(uncertainty.mutualInformation()).isCloseTo(0, within(ROUNDING));
    assertThat(uncertainty.disagreement()).isZero();
  }

  @Test
  void mutualInformationIsNeverNegativeAndOfASoftVoteTheDifferenceOfEntropies() {
    TablePredictions predictions = TablePredictions.random(1, 500, 4, 5).withRandomParts(1);
    int answered =
        EnsembleAnswer.forEach(
            predictions,
            TablePredictions::softVote,
            answer -> {
              Uncertainty uncertainty = answer.uncertainty();
              assertThat(uncertainty.mutualInformation()).isNotNegative();
              assertThat(uncertainty.mutualInformation())
                  .isCloseTo(
                      uncertainty.predictiveEntropy() - uncertainty.expectedEntropy(),
                      within(ROUNDING));
              if (answer.ofMembers().taking() == 1) {
                assertThat(uncertainty.mutualInformation()).isCloseTo(0, within(ROUNDING));
              }
            });
    assertThat(answered).isBetween(350, 450); // 1 - (2/3)^4 of 500
  }

  @Test
  void otherCombinationsChangeOnlyThePredictiveEntropyAndDisagreement() {
    MemberAnswers members =
        new MemberAnswers(new float[] {1, 0, 0.25f, 0.75f}, new boolean[] {true, true}, 2);
    Uncertainty soft = Uncertainty.of(members, new double[] {0.625, 0.375});
    Uncertainty other = Uncertainty.of(members, new double[] {0, 1});
    assertThat(other.predictiveEntropy()).isZero();
    assertThat(other.mutualInformation()).isEqualTo(soft.mutualInformation());
    assertThat(other.expectedEntropy()).isEqualTo(soft.expectedEntropy());
  }

  @Test
  void meansAreTakenOfRightAndWrongAnswersApart() {
    // The members agree on the first two, of which one is wrong, and differ on a wrong third.
    Uncertainty.Mean mean =
        EnsembleStatistics.of(
                TablePredictions.sure(2, new int[] {0, 0, 1}, new int[][] {{0, 0}, {1, 1}, {0, 1}}),
                TablePredictions::softVote,
                1)
            .confidence()
            .uncertainty();
    assertThat(mean.overall().mutualInformation()).isCloseTo(Math.log(2) / 3, within(ROUNDING));
    assertThat(mean.rightAnswers().mutualInformation()).isZero();
    assertThat(mean.wrongAnswers().mutualInformation())
        .isCloseTo(Math.log(2) / 2, within(ROUNDING));
    assertThat(mean.overall().disagreement()).isCloseTo(0.5 / 3, within(ROUNDING));
  }

  @Test
  void withoutMistakesThereIsNoMeanOfThem() {
    Uncertainty.Mean mean =
        EnsembleStatistics.of(
                TablePredictions.sure(2, new int[] {0}, new int[][] {{0, 0}}),
                TablePredictions::softVote,
                1)
            .confidence()
            .uncertainty();
    assertThat(mean.wrongAnswers().mutualInformation()).isNaN();
    assertThat(mean.rightAnswers()).isEqualTo(mean.overall());
  }
}
