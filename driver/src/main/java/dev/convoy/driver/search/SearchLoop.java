package dev.convoy.driver.search;

import dev.convoy.driver.configuration.SearchSettings;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.termination.Scheduler;
import dev.convoy.driver.trial.Objective;
import dev.convoy.driver.trial.Slots;
import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialHistory;
import dev.convoy.driver.trial.TrialLoop;
import dev.convoy.driver.trial.TrialRecord;
import dev.convoy.driver.trial.TrialsOutcome;
import java.util.function.LongSupplier;

/** The trials of a search, from the first to the last. Driver only. */
final class SearchLoop {
  private final TrialLoop loop;
  private final TrialRecord record;
  private final KeptModels models;

  SearchLoop(
      SearchDefinition definition,
      SearchDirectory directory,
      Objective objective,
      Slots slots,
      Progress progress) {
    this(definition, directory, objective, slots, progress, System::nanoTime);
  }

  /** With another clock, of nanoseconds since any moment. */
  SearchLoop(
      SearchDefinition definition,
      SearchDirectory directory,
      Objective objective,
      Slots slots,
      Progress progress,
      LongSupplier nanoTime) {
    SearchSettings settings = definition.settings();
    SearchPlan plan = new SearchPlan(definition, directory);
    this.record = new TrialRecord(directory.journal(), plan.noun(), plan.metric(), nanoTime);
    this.models =
        new KeptModels(directory, settings.ending().keepModels(), settings.folds().orElse(0));
    this.loop =
        new TrialLoop(
            plan,
            definition
                .rule()
                .scheduler(
                    definition.maxEpochs(),
                    new Scheduler.Limits(definition.trials(), definition::isFirstOfStage),
                    settings.metric()),
            objective,
            slots,
            record,
            progress);
  }

  /**
   * Searches, or goes on.
   *
   * @throws RuntimeException whatever made it impossible to go on with any trial
   */
  TrialsOutcome run(SearchResults results) {
    return loop.run(
        new TrialLoop.Watcher() {
          @Override
          public void recalled(TrialHistory trials) {
            models.recall(trials);
          }

          @Override
          public void refresh(TrialHistory trials) {
            results.refresh(trials);
          }

          @Override
          public void ended(TrialEvent event) {
            models.ended(event, record.trials().loss(event));
          }

          @Override
          public void leftBehind(int trial) {
            models.leftBehind(trial, record.trials());
          }
        });
  }

  TrialRecord record() {
    return record;
  }
}
