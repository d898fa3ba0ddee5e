package dev.convoy.driver.search;

import dev.convoy.driver.report.Progress;
import dev.convoy.driver.search.report.Description;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.trial.TrialHistory;
import dev.convoy.driver.trial.TrialProgress;
import dev.convoy.driver.trial.TrialRecord;
import dev.convoy.driver.trial.TrialsOutcome;
import java.util.ArrayList;
import java.util.List;

/** A search in words, for its report. */
final class SearchDescription {
  private SearchDescription() {}

  static Description of(SearchDefinition definition, TrialsOutcome outcome, TrialRecord record) {
    EarlyStopping.Metric metric = definition.settings().metric();
    TrialHistory trials = record.trials();
    List<String> lines = new ArrayList<>();
    lines.add(
        trials.all().size()
            + " trials ("
            + trials.countsInWords()
            + "), "
            + trials.epochsSpent()
            + " epochs, "
            + Progress.duration(record.elapsedSeconds())
            + "; "
            + outcome.status().key());
    outcome
        .best()
        .ifPresent(
            best ->
                lines.add(
                    "Best: trial "
                        + best.trial()
                        + ", "
                        + metric.key()
                        + " "
                        + TrialProgress.shortened(best.result().score().metric().orElseThrow())
                        + ": "
                        + TrialProgress.values(best.values())));
    return new Description(
        definition.example().name(),
        metric.key(),
        metric == EarlyStopping.Metric.VALIDATION_ACCURACY,
        lines);
  }
}
