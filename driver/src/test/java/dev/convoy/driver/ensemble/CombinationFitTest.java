package dev.convoy.driver.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.Answer;
import dev.convoy.driver.configuration.EnsembleSettings.AverageWeights;
import dev.convoy.driver.configuration.EnsembleSettings.Combine;
import dev.convoy.driver.configuration.EnsembleSettings.From;
import dev.convoy.driver.configuration.EnsembleSettings.Seeds;
import dev.convoy.driver.configuration.EnsembleSettings.Select;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.GeometricMean;
import dev.convoy.worker.ensemble.HardVote;
import dev.convoy.worker.ensemble.SoftVote;
import dev.convoy.worker.ensemble.StackedVote;
import dev.convoy.worker.ensemble.WeightedVote;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CombinationFitTest {
  private static final int MEMBERS = 3;
  private static final int CLASSES = 4;

  private final TablePredictions predictions = TablePredictions.trained(300, MEMBERS, CLASSES, 5);

  @Test
  void rulesWithoutParametersNeedNoPredictions() {
    assertThat(learn(Combine.SOFT, Select.ALL, false, Optional.empty()))
        .isEqualTo(CombinationSettings.of(MEMBERS, CLASSES, new SoftVote()));
    assertThat(learn(Combine.GEOMETRIC, Select.ALL, false, Optional.empty()).rule())
        .isInstanceOf(GeometricMean.class);
    assertThat(learn(Combine.HARD, Select.ALL, false, Optional.empty()).rule())
        .isInstanceOf(HardVote.class);
  }

  @Test
  void everyRuleLearnsItsOwnParameters() {
    assertThat(learn(Combine.WEIGHTED, Select.ALL, false, Optional.of(predictions)).rule())
        .isInstanceOfSatisfying(
            WeightedVote.class, vote -> assertThat(vote.weights()).hasSize(MEMBERS));
    assertThat(learn(Combine.STACKED, Select.ALL, false, Optional.of(predictions)).rule())
        .isInstanceOfSatisfying(
            StackedVote.class, vote -> assertThat(vote.intercepts()).hasSize(CLASSES));
  }

  @Test
  void greedySelectionIsAWeightedVoteWithAsManyVotesAsItsBestRound() {
    assertThat(learn(Combine.SOFT, Select.GREEDY, false, Optional.of(predictions)).rule())
        .isInstanceOfSatisfying(
            WeightedVote.class,
            vote ->
                assertThat(vote.weights().stream().mapToDouble(Double::doubleValue).sum())
                    .isBetween(1.0, 10.0));
  }

  @Test
  void aTemperatureIsLearnedOnlyIfCalibrationIsOn() {
    assertThat(learn(Combine.SOFT, Select.ALL, true, Optional.of(predictions)).temperature())
        .isNotEqualTo(1);
    assertThat(learn(Combine.SOFT, Select.ALL, false, Optional.of(predictions)).temperature())
        .isEqualTo(1);
  }

  private static CombinationSettings learn(
      Combine combine, Select select, boolean calibrate, Optional<TablePredictions> predictions) {
    EnsembleSettings settings =
        new EnsembleSettings(
            MEMBERS,
            new EnsembleSettings.Source(From.RUNS, Optional.empty(), Seeds.DIFFERENT, List.of()),
            1,
            EarlyStopping.Metric.VALIDATION_LOSS,
            OptionalInt.empty(),
            0,
            new Answer(combine, select, 10, 1000, calibrate, OptionalInt.empty()),
            AverageWeights.OFF,
            Optional.empty(),
            false);
    return CombinationFit.learn(settings, MEMBERS, CLASSES, predictions.map(table -> table));
  }
}
