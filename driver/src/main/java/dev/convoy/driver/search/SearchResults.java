package dev.convoy.driver.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.directory.RunIdentity;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.search.report.Axis;
import dev.convoy.driver.search.report.Importance;
import dev.convoy.driver.search.report.SearchReport;
import dev.convoy.driver.space.Parameter;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.trial.Trial;
import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialHistory;
import dev.convoy.driver.trial.TrialRecord;
import dev.convoy.driver.trial.TrialsOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** What a search leaves: leaderboard, best.conf, report and summary. Used by one thread. */
final class SearchResults {
  private static final long PAUSE_NANOS = 10_000_000_000L;

  private final SearchDefinition definition;
  private final SearchDirectory directory;
  private final EarlyStopping.Metric metric;
  private final IntUnaryOperator threadsOfWorkers;
  private long lastWrite = System.nanoTime();
  private int written;

  /**
   * Results of one search.
   *
   * @param threadsOfWorkers threads that each of so many workers of a trial has
   */
  SearchResults(
      SearchDefinition definition, SearchDirectory directory, IntUnaryOperator threadsOfWorkers) {
    this.definition = definition;
    this.directory = directory;
    this.metric = definition.settings().metric();
    this.threadsOfWorkers = threadsOfWorkers;
  }

  /** Writes leaderboard and best.conf, if there is something new and it is a while. */
  void refresh(TrialHistory trials) {
    if (trials.changes() != written && System.nanoTime() - lastWrite > PAUSE_NANOS) {
      write(trials);
    }
  }

  private void write(TrialHistory trials) {
    directory.writeText(
        SearchDirectory.LEADERBOARD,
        Leaderboard.text(trials, metric, columns(), definition.settings().folds().isPresent()));
    trials
        .best()
        .ifPresent(best -> directory.writeText(SearchDirectory.BEST, bestText(best, trials)));
    written = trials.changes();
    lastWrite = System.nanoTime();
  }

  private List<String> columns() {
    return definition.space().parameters().stream().map(Parameter::name).distinct().toList();
  }

  /** The experiment that trains the winner. */
  Config best(TrialEvent best, TrialHistory trials) {
    Trial trial = definition.trial(best.trial(), trials);
    return definition.best(trial, threadsOfWorkers.applyAsInt(definition.workers(trial.sample())));
  }

  private String bestText(TrialEvent best, TrialHistory trials) {
    return "# Trial "
        + best.trial()
        + " of "
        + definition.example().name()
        + ": "
        + metric.key()
        + " "
        + best.result().score().metric().orElse(Double.NaN)
        + ".\n# submit-scripts/convoy train best.conf\n"
        + ConfigurationReader.fileText(best(best, trials));
  }

  /**
   * Writes everything.
   *
   * @param refit summary of the winner's refit, if there was one
   */
  JsonNode conclude(TrialsOutcome outcome, TrialRecord record, Optional<JsonNode> refit) {
    TrialHistory trials = record.trials();
    write(trials);
    Optional<Importance> importance = importance(trials);
    directory.write(
        SearchDirectory.REPORT,
        out ->
            SearchReport.write(
                SearchDescription.of(definition, outcome, record),
                axes(),
                List.copyOf(trials.all()),
                importance,
                out));
    JsonNode summary = summary(outcome, record, refit, importance);
    directory.writeSummary(summary);
    return summary;
  }

  private Optional<Importance> importance(TrialHistory trials) {
    return Importance.of(
        axes(),
        List.copyOf(trials.all()),
        draw -> definition.view(draw).values(),
        definition.settings().seed());
  }

  private List<Axis> axes() {
    Map<String, Axis> axes = new LinkedHashMap<>();
    for (Parameter parameter : definition.space().parameters()) {
      axes.merge(
          parameter.name(),
          new Axis(
              parameter.name(),
              parameter.distribution().isLogarithmic(),
              parameter.distribution().categories()),
          Axis::with);
    }
    return List.copyOf(axes.values());
  }

  private JsonNode summary(
      TrialsOutcome outcome,
      TrialRecord record,
      Optional<JsonNode> refit,
      Optional<Importance> importance) {
    ObjectNode summary = JsonNodeFactory.instance.objectNode();
    refit.ifPresent(run -> summary.setAll((ObjectNode) run.deepCopy()));
    TrialHistory trials = record.trials();
    ObjectNode search = summary.putObject("search");
    search.put("status", outcome.status().key());
    ObjectNode counts = search.putObject("trials").put("begun", trials.all().size());
    trials.counts().forEach((state, count) -> counts.put(state.key(), count));
    search.put("epochs", trials.epochsSpent()).put("seconds", record.elapsedSeconds());
    search.put("refit", refit.isEmpty() ? "off" : definition.refitsOnAllImages() ? "on" : "as-is");
    outcome.best().ifPresent(best -> putBest(search, best));
    importance.ifPresent(known -> putImportance(search, known));
    summary.set("identity", RunIdentity.of(definition.text()).toJson());
    return summary;
  }

  private void putBest(ObjectNode search, TrialEvent best) {
    ObjectNode node =
        search
            .putObject("best")
            .put("trial", best.trial())
            .put("epoch", best.result().score().bestEpoch())
            .put(metric.key(), best.result().score().metric().orElseThrow());
    best.result().score().standardError().ifPresent(error -> node.put("standard-error", error));
    ObjectNode values = node.putObject("values");
    best.values().forEach(values::putPOJO);
  }

  private static void putImportance(ObjectNode search, Importance importance) {
    ObjectNode shares = search.putObject("importance");
    importance.shares().forEach(share -> shares.put(share.name(), share.share()));
    search.put("importance-fit", importance.surrogateFit());
  }
}
