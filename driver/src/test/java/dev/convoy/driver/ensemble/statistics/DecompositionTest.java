package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecompositionTest {
  /** The identities hold exactly; the sums are in double precision. */
  private static final double ROUNDING = 1e-12;

  @Test
  void zeroOneLossByHand() {
    // Unbiased with variance 1/4; biased with variance 2/4, of which one says the label.
    int[] labels = {0, 0};
    int[][] predicted = {{0, 0, 1, 0}, {1, 1, 2, 0}};
    ZeroOneDecomposition zeroOne =
        decomposition(TablePredictions.sure(3, labels, predicted)).zeroOne();
    assertThat(zeroOne.loss()).isEqualTo((0.25 + 0.75) / 2);
    assertThat(zeroOne.noise()).isZero();
    assertThat(zeroOne.weightedNoise()).isZero();
    assertThat(zeroOne.bias()).isEqualTo(0.5);
    assertThat(zeroOne.unbiasedVariance()).isEqualTo(0.125);
    assertThat(zeroOne.biasedVariance()).isEqualTo(0.25);
    assertThat(zeroOne.correctingVariance()).isEqualTo(0.125);
    assertThat(zeroOne.netVariance()).isZero();
    assertThat(zeroOne.unbiasedVariance() + zeroOne.biasedVariance()).isEqualTo(0.375);
  }

  @Test
  void squaredLossByHand() {
    TablePredictions predictions =
        TablePredictions.of(2, new int[] {0}, new float[][] {{0.75f, 0.25f, 0.25f, 0.75f}});
    SquaredDecomposition squared = decomposition(predictions).squared();
    assertThat(squared).isEqualTo(new SquaredDecomposition((0.125 + 1.125) / 2, 0, 0.5, 0.125));
  }

  @Test
  void knownNoiseByHand() {
    // The label is 0 with 3/4; members say 0, 0, 1.
    TablePredictions predictions = TablePredictions.sure(2, new int[] {1}, new int[][] {{0, 0, 1}});
    Decomposition decomposition =
        decomposition(
            predictions,
            (example, into) -> {
              into[0] = 0.75;
              into[1] = 0.25;
            });
    ZeroOneDecomposition zeroOne = decomposition.zeroOne();
    assertThat(zeroOne.loss()).isCloseTo(2.0 / 3 * 0.25 + 1.0 / 3 * 0.75, within(ROUNDING));
    assertThat(zeroOne.noise()).isEqualTo(0.25);
    // With two classes Domingos's factor is 2 P(a member says y*) - 1.
    assertThat(zeroOne.weightedNoise()).isCloseTo(0.25 / 3, within(ROUNDING));
    assertThat(zeroOne.bias()).isZero();
    assertThat(zeroOne.unbiasedVariance()).isCloseTo(1.0 / 3, within(ROUNDING));
    assertThat(decomposition.squared().noise()).isEqualTo(2 * 0.75 * 0.25);
  }

  @ParameterizedTest
  @CsvSource({"2,1", "2,2", "2,7", "3,2", "3,3", "3,8", "10,5", "10,12"})
  void thePartsAddUpToTheLossOnAnyData(int classes, int members) {
    TablePredictions all = TablePredictions.random(classes, 200, members, classes);
    for (TablePredictions predictions :
        new TablePredictions[] {all, all.withRandomParts(members)}) {
      assertIdentities(decomposition(predictions));
      assertIdentities(decomposition(predictions, randomLabels(classes)));
    }
  }

  private static void assertIdentities(Decomposition decomposition) {
    ZeroOneDecomposition zeroOne = decomposition.zeroOne();
    assertThat(zeroOne.weightedNoise() + zeroOne.bias() + zeroOne.netVariance())
        .isCloseTo(zeroOne.loss(), within(ROUNDING));
    SquaredDecomposition squared = decomposition.squared();
    assertThat(squared.noise() + squared.squaredBias() + squared.variance())
        .isCloseTo(squared.loss(), within(ROUNDING));
  }

  private static Decomposition.LabelDistribution randomLabels(int classes) {
    return (example, into) -> {
      KeyedRandom random = KeyedRandom.of(9, Purpose.SYNTHETIC, example);
      double sum = 0;
      for (int i = 0; i < classes; i++) {
        into[i] = random.nextDouble();
        sum += into[i];
      }
      for (int i = 0; i < classes; i++) {
        into[i] /= sum;
      }
    };
  }

  @Test
  void withoutNoiseTheLossesAreTheMembersMeanScores() {
    TablePredictions predictions = TablePredictions.random(1, 300, 5, 4);
    Decomposition decomposition = decomposition(predictions);
    assertThat(decomposition.zeroOne().loss())
        .isCloseTo(
            IntStream.range(0, 5)
                .mapToDouble(
                    member ->
                        1
                            - EnsembleStatistics.of(predictions, TablePredictions::softVote, 1)
                                .quality()
                                .members()
                                .get(member)
                                .accuracy())
                .average()
                .orElseThrow(),
            within(ROUNDING));
    assertThat(decomposition.squared().loss())
        .isCloseTo(
            IntStream.range(0, 5)
                .mapToDouble(
                    member ->
                        EnsembleStatistics.of(predictions, TablePredictions::softVote, 1)
                            .quality()
                            .members()
                            .get(member)
                            .brier())
                .average()
                .orElseThrow(),
            within(ROUNDING));
    assertThat(decomposition.squared().squaredBias())
        .isCloseTo(Scores.of(predictions, TablePredictions::softVote).brier(), within(ROUNDING));
  }

  @Test
  void withTwoClassesAllBiasedVarianceCorrects() {
    ZeroOneDecomposition zeroOne = decomposition(TablePredictions.random(2, 500, 5, 2)).zeroOne();
    assertThat(zeroOne.biasedVariance()).isPositive();
    assertThat(zeroOne.correctingVariance()).isCloseTo(zeroOne.biasedVariance(), within(ROUNDING));
  }

  @Test
  void ofEquallyFrequentClassesTheMoreProbableIsTheMainPrediction() {
    // One vote each for 0 and 1, of which 1 has more probability; then equal in that too.
    float[] unequal = {0.5f, 0.25f, 0.25f, 0.125f, 0.75f, 0.125f};
    float[] equal = {0.5f, 0.25f, 0.25f, 0.25f, 0.5f, 0.25f};
    assertThat(bias(unequal, 1)).isZero();
    assertThat(bias(unequal, 0)).isEqualTo(1);
    assertThat(bias(equal, 0)).isZero();
    assertThat(bias(equal, 1)).isEqualTo(1);
  }

  private static double bias(float[] answers, int label) {
    return decomposition(TablePredictions.of(3, new int[] {label}, new float[][] {answers}))
        .zeroOne()
        .bias();
  }

  @Test
  void theOrderOfMembersDoesNotMatter() {
    TablePredictions predictions = TablePredictions.random(3, 200, 4, 3).withRandomParts(2);
    Decomposition decomposition = decomposition(predictions);
    Decomposition permuted = decomposition(predictions.permuted(3, 1, 0, 2));
    assertThat(permuted.zeroOne()).isEqualTo(decomposition.zeroOne());
    assertThat(permuted.squared().variance())
        .isCloseTo(decomposition.squared().variance(), within(ROUNDING));
    assertThat(permuted.squared().squaredBias())
        .isCloseTo(decomposition.squared().squaredBias(), within(ROUNDING));
  }

  @Test
  void membersThatAgreeHaveNoVariance() {
    Decomposition decomposition =
        decomposition(
            TablePredictions.sure(3, new int[] {0, 1, 2}, new int[][] {{0, 0}, {2, 2}, {2, 2}}));
    assertThat(decomposition.zeroOne().unbiasedVariance()).isZero();
    assertThat(decomposition.zeroOne().bias()).isEqualTo(1.0 / 3);
    assertThat(decomposition.squared().variance()).isZero();
  }

  private static Decomposition decomposition(TablePredictions predictions) {
    return decomposition(predictions, Decomposition.LabelDistribution.oneHot(predictions));
  }

  private static Decomposition decomposition(
      TablePredictions predictions, Decomposition.LabelDistribution labels) {
    return Statistic.of(
        predictions,
        TablePredictions::softVote,
        new Decomposition.Sums(predictions.classes(), labels));
  }
}
