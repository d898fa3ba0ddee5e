package dev.convoy.driver.ensemble.fit;

import static dev.convoy.driver.state.EarlyStopping.Metric.VALIDATION_ACCURACY;
import static dev.convoy.driver.state.EarlyStopping.Metric.VALIDATION_LOSS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.ensemble.predictions.TablePredictions;
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
    GreedySelection selection = GreedySelection.of(predictions, VALIDATION_ACCURACY, 50, 1);
    assertThat(selection.counts()).containsExactly(1, 1, 0);
    assertThat(selection.metric()).isEqualTo(1);
    assertThat(selection.rule()).isEqualTo(new WeightedVote(List.of(1.0, 1.0, 0.0)));
  }

  @Test
  void theSameMemberIsChosenAgainIfItHelps() {
    // -½ log w - ½ log (1 - w) would be best at ½; two in three right wants w = ⅔: twice and once.
    float[] disagreed = {0.999f, 0.001f, 0.001f, 0.999f};
    TablePredictions predictions =
        TablePredictions.of(2, new int[] {0, 0, 1}, disagreed, disagreed, disagreed);
    GreedySelection selection = GreedySelection.of(predictions, VALIDATION_LOSS, 3, 1);
    assertThat(selection.counts()).containsExactly(2, 1);
  }

  @Test
  void whatMakesThingsWorseIsTakenBack() {
    TablePredictions predictions =
        TablePredictions.of(2, new int[] {0}, new float[] {0.9f, 0.1f, 0.2f, 0.8f});
    GreedySelection selection = GreedySelection.of(predictions, VALIDATION_LOSS, 50, 2);
    assertThat(selection.counts()).containsExactly(1, 0);
    assertThat(selection.metric()).isCloseTo(-Math.log(0.9), within(1e-6));
  }

  @Test
  void ofEquallyGoodMembersTheFirstIsChosen() {
    GreedySelection selection =
        GreedySelection.of(
            TablePredictions.trained(100, 1, 3, 1).permuted(0, 0, 0), VALIDATION_LOSS, 10, 1);
    assertThat(selection.counts().get(0)).isPositive();
    assertThat(selection.counts().subList(1, 3)).containsExactly(0, 0);
  }

  @Test
  void sortedFirstChoicesAreTheBestSingleMembers() {
    TablePredictions predictions = TablePredictions.trained(1_000, 4, 3, 3);
    List<Double> singles = singles(predictions, VALIDATION_LOSS);
    assertThat(singles).isSorted();
    assertThat(GreedySelection.of(predictions, VALIDATION_LOSS, 3, 3).counts())
        .containsExactly(1, 1, 1, 0);
    assertThat(GreedySelection.of(predictions.permuted(3, 2, 1, 0), VALIDATION_LOSS, 3, 3).counts())
        .containsExactly(0, 1, 1, 1);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void itIsNeverWorseThanTheBestSingleMemberOnItsExamples(Metric metric) {
    for (int seed = 0; seed < 10; seed++) {
      TablePredictions all = TablePredictions.trained(100, 4, 3, seed);
      for (TablePredictions predictions : List.of(all, all.outOfBag(seed))) {
        double best = Collections.min(singles(predictions.imputed(), metric));
        for (int rounds : new int[] {1, 2, 7, 20}) {
          for (int sorted = 1; sorted <= 4; sorted++) {
            double selected =
                metric.asLoss(GreedySelection.of(predictions, metric, rounds, sorted).metric());
            assertThat(selected).isLessThanOrEqualTo(best + ROUNDING);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void itsMetricIsThatOfItsRule(Metric metric) {
    TablePredictions all = TablePredictions.trained(500, 4, 3, 11);
    for (TablePredictions predictions : List.of(all, all.outOfBag(11))) {
      GreedySelection selection = GreedySelection.of(predictions, metric, 30, 1);
      assertThat(selection.counts().stream().mapToInt(count -> count).sum()).isBetween(1, 30);
      assertThat(selection.metric())
          .isCloseTo(measured(predictions.imputed(), selection.rule(), metric), within(ROUNDING));
    }
  }

  @Test
  void membersThatTakeNoPartSayTheMeanOfTheOthers() {
    TablePredictions predictions = TablePredictions.trained(1_000, 4, 3, 12).outOfBag(12);
    GreedySelection selection = GreedySelection.of(predictions, VALIDATION_LOSS, 20, 1);
    assertThat(selection)
        .isEqualTo(GreedySelection.of(predictions.imputed(), VALIDATION_LOSS, 20, 1));
    assertThat(selection.counts().get(1)).isPositive();
  }

  @Test
  void moreRoundsAreNeverWorse() {
    TablePredictions predictions = TablePredictions.trained(300, 5, 4, 4);
    double before = Double.POSITIVE_INFINITY;
    for (int rounds = 1; rounds <= 20; rounds++) {
      double loss = GreedySelection.of(predictions, VALIDATION_LOSS, rounds, 1).metric();
      assertThat(loss).isLessThanOrEqualTo(before);
      before = loss;
    }
  }

  @Test
  void membersInAnotherOrderAreChosenAsOften() {
    TablePredictions predictions = TablePredictions.trained(500, 3, 4, 6);
    List<Integer> counts = GreedySelection.of(predictions, VALIDATION_LOSS, 20, 1).counts();
    assertThat(GreedySelection.of(predictions.permuted(2, 0, 1), VALIDATION_LOSS, 20, 1).counts())
        .containsExactly(counts.get(2), counts.get(0), counts.get(1));
  }

  @Test
  void numbersAreChecked() {
    TablePredictions predictions = TablePredictions.trained(10, 2, 3, 1);
    String expected =
        "Cannot select members: expected at least 1 round and 1 to 2 sorted first, found ";
    assertThatThrownBy(() -> GreedySelection.of(predictions, VALIDATION_LOSS, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(expected + "0 and 1.");
    assertThatThrownBy(() -> GreedySelection.of(predictions, VALIDATION_LOSS, 1, 0))
        .hasMessage(expected + "1 and 0.");
    assertThatThrownBy(() -> GreedySelection.of(predictions, VALIDATION_LOSS, 1, 3))
        .hasMessage(expected + "1 and 3.");
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
        new CombinedLogits(predictions, rule).plainLoss(),
        (double) correct / predictions.examples());
  }
}
