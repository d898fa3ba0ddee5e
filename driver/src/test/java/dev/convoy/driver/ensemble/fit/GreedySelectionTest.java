package dev.convoy.driver.ensemble.fit;

import static dev.convoy.driver.state.EarlyStopping.Metric.VALIDATION_ACCURACY;
import static dev.convoy.driver.state.EarlyStopping.Metric.VALIDATION_LOSS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.ensemble.statistics.Scores;
import dev.convoy.driver.state.EarlyStopping.Metric;
import dev.convoy.worker.ensemble.WeightedVote;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GreedySelectionTest {
  private static final double ROUNDING = 1e-9;

  @Test
  void theSecondChoiceMakesUpForTheFirst() {
    // The first is right in two of three; with the second, which is right in one, in all.
    TablePredictions predictions =
        TablePredictions.of(
            2,
            new int[] {0, 0, 0},
            new float[] {0.6f, 0.4f, 0.45f, 0.55f, 0.3f, 0.7f},
            new float[] {0.7f, 0.3f, 0.45f, 0.55f, 0.3f, 0.7f},
            new float[] {0.4f, 0.6f, 0.9f, 0.1f, 0.3f, 0.7f});
    List<Integer> selection = GreedySelection.of(predictions, VALIDATION_ACCURACY, 50);
    assertThat(selection).containsExactly(1, 1, 0);
  }

  @Test
  void theSameMemberIsChosenAgainIfItHelps() {
    // -½ log w - ½ log (1 - w) would be best at ½; two in three right wants w = ⅔: twice and once.
    float[] disagreed = {0.999f, 0.001f, 0.001f, 0.999f};
    TablePredictions predictions =
        TablePredictions.of(2, new int[] {0, 0, 1}, disagreed, disagreed, disagreed);
    List<Integer> selection = GreedySelection.of(predictions, VALIDATION_LOSS, 3);
    assertThat(selection).containsExactly(2, 1);
  }

  @Test
  void whatMakesThingsWorseIsTakenBack() {
    TablePredictions predictions =
        TablePredictions.of(2, new int[] {0}, new float[] {0.9f, 0.1f, 0.2f, 0.8f});
    List<Integer> selection = GreedySelection.of(predictions, VALIDATION_LOSS, 50);
    assertThat(selection).containsExactly(1, 0);
  }

  @Test
  void ofEquallyGoodMembersTheFirstIsChosen() {
    List<Integer> selection =
        GreedySelection.of(
            TablePredictions.trained(100, 1, 3, 1).permuted(0, 0, 0), VALIDATION_LOSS, 10);
    assertThat(selection.get(0)).isPositive();
    assertThat(selection.subList(1, 3)).containsExactly(0, 0);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void itIsNeverWorseThanTheBestSingleMemberOnItsExamples(Metric metric) {
    for (int seed = 0; seed < 10; seed++) {
      TablePredictions all = TablePredictions.trained(100, 4, 3, seed);
      for (TablePredictions predictions : List.of(all, all.outOfBag(seed))) {
        double best = Collections.min(singles(predictions.imputed(), metric));
        for (int rounds : new int[] {1, 2, 7, 20}) {
          double selected =
              metric.asLoss(
                  measured(
                      predictions.imputed(),
                      rule(GreedySelection.of(predictions, metric, rounds)),
                      metric));
          assertThat(selected).isLessThanOrEqualTo(best + ROUNDING);
        }
      }
    }
  }

  @Test
  void membersThatTakeNoPartSayTheMeanOfTheOthers() {
    TablePredictions predictions = TablePredictions.trained(1_000, 4, 3, 12).outOfBag(12);
    List<Integer> selection = GreedySelection.of(predictions, VALIDATION_LOSS, 20);
    assertThat(selection).isEqualTo(GreedySelection.of(predictions.imputed(), VALIDATION_LOSS, 20));
    assertThat(selection.get(1)).isPositive();
  }

  @Test
  void moreRoundsAreNeverWorse() {
    TablePredictions predictions = TablePredictions.trained(300, 5, 4, 4);
    double before = Double.POSITIVE_INFINITY;
    for (int rounds = 1; rounds <= 20; rounds++) {
      double loss =
          measured(
              predictions,
              rule(GreedySelection.of(predictions, VALIDATION_LOSS, rounds)),
              VALIDATION_LOSS);
      assertThat(loss).isLessThanOrEqualTo(before + ROUNDING);
      before = loss;
    }
  }

  @Test
  void membersInAnotherOrderAreChosenAsOften() {
    TablePredictions predictions = TablePredictions.trained(500, 3, 4, 6);
    List<Integer> counts = GreedySelection.of(predictions, VALIDATION_LOSS, 20);
    assertThat(GreedySelection.of(predictions.permuted(2, 0, 1), VALIDATION_LOSS, 20))
        .containsExactly(counts.get(2), counts.get(0), counts.get(1));
  }

  private static WeightedVote rule(List<Integer> counts) {
    return new WeightedVote(counts.stream().map(Integer::doubleValue).toList());
  }

  /** Each single member's metric, as a loss, measured with the rule that has it alone. */
  private static List<Double> singles(TablePredictions predictions, Metric metric) {
    return IntStream.range(0, predictions.members())
        .mapToObj(
            member ->
                metric.asLoss(
                    measured(
                        predictions,
                        new WeightedVote(
                            IntStream.range(0, predictions.members())
                                .mapToObj(other -> other == member ? 1.0 : 0.0)
                                .toList()),
                        metric)))
        .toList();
  }

  private static double measured(TablePredictions predictions, WeightedVote rule, Metric metric) {
    double[] combined = new double[predictions.classes()];
    int correct = 0;
    for (int example = 0; example < predictions.examples(); example++) {
      rule.combine(predictions.probabilities()[example], predictions.parts()[example], combined);
      int label = predictions.label(example);
      boolean right = true;
      for (int i = 0; i < combined.length; i++) {
        right &= i < label ? combined[i] < combined[label] : combined[i] <= combined[label];
      }
      correct += right ? 1 : 0;
    }
    return metric.of(
        Scores.of(predictions, rule).negativeLogLikelihood(),
        (double) correct / predictions.examples());
  }

  @Test
  void aMemberThatNothingWasMeasuredOfIsNeverChosen() {
    // The mean of the others, which would stand for it, is better than each of them.
    TablePredictions predictions =
        TablePredictions.of(
            2,
            new int[] {0, 0},
            new float[] {0.9f, 0.1f, 0.3f, 0.7f, 0.5f, 0.5f},
            new float[] {0.3f, 0.7f, 0.9f, 0.1f, 0.5f, 0.5f});
    for (boolean[] parts : predictions.parts()) {
      parts[2] = false;
    }
    for (Metric metric : Metric.values()) {
      assertThat(GreedySelection.of(predictions, metric, 10).get(2)).isZero();
    }
  }
}
