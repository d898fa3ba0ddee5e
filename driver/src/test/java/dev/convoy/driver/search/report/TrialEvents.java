package dev.convoy.driver.search.report;

import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialResult;
import dev.convoy.driver.trial.TrialState;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Trials with what reports show of them. */
final class TrialEvents {
  private TrialEvents() {}

  static TrialEvent of(
      int trial,
      TrialState state,
      int epochs,
      OptionalDouble metric,
      Map<String, Object> values,
      long epochsSpent) {
    return new TrialEvent(
        trial,
        0,
        new TrialResult(
            state,
            epochs,
            epochs,
            new TrialResult.Score(metric, OptionalDouble.empty(), epochs),
            List.of(),
            ""),
        new TreeMap<>(values),
        new TrialEvent.Clock(1, 1, epochsSpent));
  }
}
