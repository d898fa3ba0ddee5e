package dev.convoy.driver.ensemble.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.ensemble.statistics.Scores;
import dev.convoy.worker.ensemble.WeightedVote;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberWeightsTest {
  /** Where the expectation maximisation is at rest, next to the best that there is. */
  private static final double AT_REST = 1e-6;

  private static final double ROUNDING = 1e-12;

  @Test
  void membersThatAreSureWeighAsOftenAsTheyAreRight() {
    // Of four examples the first is right in three, the second in the other: w = 3/4, 1/4.
    float[] disagreed = {1, 0, 0, 1};
    List<Double> weights =
        MemberWeights.of(
            TablePredictions.of(
                2, new int[] {0, 0, 1, 0}, disagreed, disagreed, disagreed, disagreed));
    assertThat(weights.get(0)).isCloseTo(0.75, within(AT_REST));
  }

  @Test
  void equalMembersWeighTheSame() {
    TablePredictions one = TablePredictions.trained(200, 1, 3, 1);
    assertThat(MemberWeights.of(one.permuted(0, 0, 0, 0)))
        .allSatisfy(w -> assertThat(w).isCloseTo(0.25, within(ROUNDING)));
  }

  @Test
  void membersInAnotherOrderHaveTheSameWeights() {
    for (TablePredictions predictions : someAndAll()) {
      List<Double> weights = MemberWeights.of(predictions);
      List<Double> permuted = MemberWeights.of(predictions.permuted(2, 0, 1));
      assertThat(permuted.get(0)).isCloseTo(weights.get(2), within(ROUNDING));
      assertThat(permuted.get(1)).isCloseTo(weights.get(0), within(ROUNDING));
      assertThat(permuted.get(2)).isCloseTo(weights.get(1), within(ROUNDING));
    }
  }

  @Test
  void noStepRaisesTheLoss() {
    for (TablePredictions predictions : someAndAll()) {
      double before = Double.POSITIVE_INFINITY;
      for (int steps = 1; steps <= 40; steps++) {
        double loss = loss(predictions, new WeightedVote(MemberWeights.of(predictions, steps)));
        assertThat(loss).isLessThanOrEqualTo(before + ROUNDING);
        before = loss;
      }
    }
  }

  @Test
  void noOtherWeightsAreBetter() {
    KeyedRandom random = KeyedRandom.of(3, Purpose.SYNTHETIC);
    for (TablePredictions predictions : someAndAll()) {
      List<Double> weights = MemberWeights.of(predictions);
      assertThat(weights.stream().mapToDouble(w -> w).sum()).isCloseTo(1, within(ROUNDING));
      double best = loss(predictions, new WeightedVote(weights));
      assertThat(best)
          .isLessThanOrEqualTo(loss(predictions, new WeightedVote(List.of(1.0, 1.0, 1.0))));
      for (int attempt = 0; attempt < 100; attempt++) {
        List<Double> nearby = new ArrayList<>();
        weights.forEach(w -> nearby.add(w + 0.1 * random.nextDouble()));
        assertThat(loss(predictions, new WeightedVote(nearby))).isGreaterThan(best - AT_REST);
      }
    }
  }

  @Test
  void itEndsAtRest() {
    TablePredictions predictions = someAndAll().get(0);
    List<Double> weights = MemberWeights.of(predictions);
    List<Double> later = MemberWeights.of(predictions, 100_000);
    assertThat(later).isEqualTo(weights).isNotEqualTo(MemberWeights.of(predictions, 1));
  }

  @Test
  void aMemberThatGuessesWeighsNothing() {
    TablePredictions two = TablePredictions.trained(1_000, 2, 3, 5);
    for (float[] probabilities : two.probabilities()) {
      probabilities[3] = 1 / 3f;
      probabilities[4] = 1 / 3f;
      probabilities[5] = 1 / 3f;
    }
    for (int example = 0; example < two.examples(); example++) {
      // Calibrated well enough that a third is never more likely.
      float[] probabilities = two.probabilities()[example];
      for (int i = 0; i < 3; i++) {
        probabilities[i] = i == two.label(example) ? 0.5f : 0.25f;
      }
    }
    assertThat(MemberWeights.of(two).get(1)).isLessThan(AT_REST);
  }

  @Test
  void examplesWithoutAMemberDoNotCount() {
    TablePredictions some = someAndAll().get(1);
    TablePredictions answered = some.answered();
    assertThat(answered.examples()).isLessThan(some.examples());
    assertThat(MemberWeights.of(some)).isEqualTo(MemberWeights.of(answered));
  }

  @Test
  void someExampleMustCount() {
    TablePredictions none =
        new TablePredictions(2, new int[] {0}, new float[][] {{1, 0}}, new boolean[][] {{false}});
    assertThatThrownBy(() -> MemberWeights.of(none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found none of 1.");
  }

  private static List<TablePredictions> someAndAll() {
    TablePredictions all = TablePredictions.trained(1_000, 3, 4, 2);
    return List.of(all, all.outOfBag(2));
  }

  private static double loss(TablePredictions predictions, WeightedVote rule) {
    return Scores.of(predictions, rule).negativeLogLikelihood();
  }
}
