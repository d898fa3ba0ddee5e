package dev.convoy.driver.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import dev.convoy.data.Text;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.SearchSettings.Refit;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingRun;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.driver.trial.Slots;
import dev.convoy.driver.trial.TrainingObjective;
import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialHistory;
import dev.convoy.driver.trial.TrialState;
import dev.convoy.driver.trial.TrialsOutcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A search on a cluster, from its first trial to its summary. Driver only.
 *
 * @param directory not closed
 */
public record HyperparameterSearch(
    SparkCluster cluster,
    SearchDefinition definition,
    SearchDirectory directory,
    Progress progress) {
  /**
   * Searches, or goes on with a search that was killed.
   *
   * @return what summary.json holds
   * @throws ConfigurationException if trials need more workers than there are slots
   * @throws dev.convoy.data.DataException if the images cannot be used
   * @throws dev.convoy.driver.directory.OutputException if the directory cannot be written
   */
  public JsonNode run() {
    Slots slots = slots();
    definition.begun().stream()
        .filter(begun -> begun < definition.trials())
        .forEach(
            begun ->
                progress.say(
                    Text.of(
                        "note: %d of %d trials begin, since search.early-termination.rule = %s begins"
                            + " whole brackets",
                        begun, definition.trials(), definition.settings().termination().name())));
    SearchResults results = new SearchResults(definition, directory, cluster::threadsPerWorker);
    SearchPlan plan = new SearchPlan(definition, directory);
    try (DataPool images = new DataPool(cluster, progress, plan.limits().runsPerTrial())) {
      TrainingObjective objective = new TrainingObjective(cluster, plan, directory, images);
      SearchLoop search = new SearchLoop(definition, directory, objective, slots, progress);
      TrialsOutcome outcome = search.run(results);
      Optional<JsonNode> refit =
          outcome.best().flatMap(best -> refit(best, search, results, images));
      dropCheckpoints(search.record().trials());
      return results.conclude(outcome, search.record(), refit);
    }
  }

  /** A trial that halving left behind goes on in no extension, unlike one that ASHA did. */
  private void dropCheckpoints(TrialHistory trials) {
    if (!definition.rule().resumesPausedTrials()) {
      trials.all().stream()
          .filter(event -> event.result().state() == TrialState.PAUSED)
          .forEach(
              event ->
                  directory.deleteCheckpoints(
                      event.trial(), definition.settings().folds().orElse(0)));
    }
  }

  private Slots slots() {
    return Slots.of(
        cluster,
        definition.maxWorkers(),
        definition.settings().slots().parallelTrials(),
        List.of("search.parallel-trials", "search.workers-per-trial"));
  }

  /**
   * Trains the winner for the last time, and tests it; what it leaves is what the search leaves.
   */
  private Optional<JsonNode> refit(
      TrialEvent best, SearchLoop search, SearchResults results, DataPool images) {
    Refit how = definition.settings().ending().refit();
    if (how == Refit.OFF) {
      adopt(best, search.record().trials(), images);
      return Optional.empty();
    }
    if (how == Refit.ALL_IMAGES && !definition.refitsOnAllImages()) {
      progress.say(
          "note: the validation images have a place of their own, so the winner is tested as it is");
    }
    Config experiment = results.best(best, search.record().trials());
    RunConfiguration run =
        definition.refit(experiment, directory.refit(), best.result().score().bestEpoch());
    progress.say("refit of trial " + best.trial() + " in " + directory.refit());
    try (RunDirectory output = directory.openRun(run)) {
      JsonNode summary = TrainingRun.run(cluster, run, output, progress).summary();
      output.deleteCheckpoints();
      directory.adopt(directory.refit());
      return Optional.of(summary);
    }
  }

  /**
   * Leaves the winner's model: its best so far, where it waits at a rung for others or failed
   * beyond it.
   */
  private void adopt(TrialEvent best, TrialHistory trials, DataPool images) {
    OptionalInt folds = definition.settings().folds();
    String run =
        folds.isPresent() ? directory.runOf(best.trial(), 1) : directory.runOf(best.trial());
    directory.dropModel();
    TrialState state = best.result().state();
    if (state.isFinal() && state != TrialState.FAILED) {
      directory.adopt(run);
    } else {
      OptionalInt fold = folds.isPresent() ? OptionalInt.of(1) : OptionalInt.empty();
      writeBestSoFar(
          definition.trialRun(definition.trial(best.trial(), trials), run, fold),
          best.result().epochs(),
          images);
    }
    if (!directory.holds(SearchDirectory.MODEL)) {
      progress.say(
          "note: there is no model of trial "
              + best.trial()
              + ", since search.keep-models = "
              + definition.settings().ending().keepModels()
              + "; best.conf trains it");
    }
  }

  private void writeBestSoFar(RunConfiguration run, int epochs, DataPool images) {
    try (DataPool.Lease lease = images.lease(run);
        RunDirectory output = directory.openRun(run)) {
      directory.writeLines(SearchDirectory.LABELS, lease.data().labels());
      directory.write(
          SearchDirectory.MODEL,
          out -> TrainingRun.writeBestSoFar(cluster, run, output, lease.data(), epochs, out));
    }
  }
}
