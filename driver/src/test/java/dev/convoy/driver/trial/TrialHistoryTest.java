package dev.convoy.driver.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.state.EarlyStopping.Metric;
import dev.convoy.driver.trial.TrialEvent.Clock;
import dev.convoy.driver.trial.TrialResult.Score;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrialHistoryTest {
  private final TrialHistory history = new TrialHistory(Metric.VALIDATION_ACCURACY);

  @Test
  void aTrialThatFailsAtALaterRungKeepsWhatItCameTo() {
    add(0, 0, result(TrialState.PAUSED, 9, 0.9, 7));
    add(1, 0, result(TrialState.PAUSED, 9, 0.8, 9));
    add(0, 1, TrialResult.without(TrialState.FAILED, "out of memory"));
    TrialEvent best = history.best().orElseThrow();
    assertThat(best.trial()).isZero();
    assertThat(best.result().state()).isEqualTo(TrialState.FAILED);
    assertThat(best.result().reason()).isEqualTo("out of memory");
    assertThat(best.result().score().bestEpoch()).isEqualTo(7);
    assertThat(best.result().epochs()).isEqualTo(9);
    assertThat(history.epochsSpent()).isEqualTo(18);
    assertThat(history.changes()).isEqualTo(3);
  }

  @Test
  void aLaterScoreReplacesTheEarlierEvenIfItIsWorse() {
    add(0, 0, result(TrialState.PAUSED, 3, 0.9, 3));
    add(0, 1, result(TrialState.COMPLETED, 9, 0.7, 8));
    assertThat(history.best().orElseThrow().result().score().metric()).hasValue(0.7);
    assertThat(history.epochsSpent()).isEqualTo(9);
  }

  private void add(int trial, int rung, TrialResult result) {
    history.add(new TrialEvent(trial, rung, result, new TreeMap<>(), new Clock(1, 1, 1)));
  }

  private static TrialResult result(TrialState state, int epochs, double accuracy, int best) {
    Score score = new Score(OptionalDouble.of(accuracy), OptionalDouble.empty(), best);
    return new TrialResult(state, epochs, epochs, score, List.of(), "");
  }
}
