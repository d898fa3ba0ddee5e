package dev.convoy.driver.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.Answer;
import dev.convoy.driver.configuration.EnsembleSettings.AverageWeights;
import dev.convoy.driver.configuration.EnsembleSettings.From;
import dev.convoy.driver.configuration.EnsembleSettings.Seeds;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.GeometricMean;
import dev.convoy.worker.ensemble.HardVote;
import dev.convoy.worker.ensemble.SoftVote;
import dev.convoy.worker.ensemble.StackedVote;
import dev.convoy.worker.ensemble.WeightedVote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CombinationFitTest {
  private static final int MEMBERS = 3;
  private static final int CLASSES = 4;

  private final TablePredictions predictions = TablePredictions.trained(300, MEMBERS, CLASSES, 5);

  @Test
  void rulesWithoutParametersNeedNoPredictions() {
    assertThat(learn("soft", false, Optional.empty()))
        .isEqualTo(CombinationSettings.of(MEMBERS, CLASSES, new SoftVote()));
    assertThat(learn("geometric", false, Optional.empty()).rule())
        .isInstanceOf(GeometricMean.class);
    assertThat(learn("hard", false, Optional.empty()).rule()).isInstanceOf(HardVote.class);
  }

  @Test
  void everyRuleLearnsItsOwnParameters() {
    assertThat(learn("weighted", false, Optional.of(predictions)).rule())
        .isInstanceOfSatisfying(
            WeightedVote.class, vote -> assertThat(vote.weights()).hasSize(MEMBERS));
    assertThat(learn("stacked", false, Optional.of(predictions)).rule())
        .isInstanceOfSatisfying(
            StackedVote.class, vote -> assertThat(vote.intercepts()).hasSize(CLASSES));
  }

  @Test
  void greedySelectionIsAWeightedVoteWithAsManyVotesAsItsBestRound() {
    assertThat(
            learn(
                    new ComponentSettings(
                        "soft", Map.of("select", "greedy", "selection-rounds", 10)),
                    false,
                    Optional.of(predictions))
                .rule())
        .isInstanceOfSatisfying(
            WeightedVote.class,
            vote ->
                assertThat(vote.weights().stream().mapToDouble(Double::doubleValue).sum())
                    .isBetween(1.0, 10.0));
  }

  @Test
  void aTemperatureIsLearnedOnlyIfCalibrationIsOn() {
    assertThat(learn("soft", true, Optional.of(predictions)).temperature()).isNotEqualTo(1);
    assertThat(learn("soft", false, Optional.of(predictions)).temperature()).isEqualTo(1);
  }

  private static CombinationSettings learn(
      String combine, boolean calibrate, Optional<TablePredictions> predictions) {
    return learn(ComponentSettings.defaults(combine), calibrate, predictions);
  }

  private static CombinationSettings learn(
      ComponentSettings combine, boolean calibrate, Optional<TablePredictions> predictions) {
    EnsembleSettings settings =
        new EnsembleSettings(
            MEMBERS,
            new EnsembleSettings.Source(From.RUNS, Optional.empty(), Seeds.DIFFERENT, List.of()),
            1,
            EarlyStopping.Metric.VALIDATION_LOSS,
            OptionalInt.empty(),
            0,
            new Answer(combine, calibrate, OptionalInt.empty()),
            AverageWeights.OFF,
            Optional.empty(),
            false);
    return CombinationFit.learn(settings, MEMBERS, CLASSES, predictions.map(table -> table));
  }
}
