package dev.convoy.driver.search;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialProgress;
import dev.convoy.driver.trial.TrialRecord;
import dev.convoy.driver.trial.TrialState;
import dev.convoy.driver.trial.Trials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** A search seen from outside, by what it has written. Needs no cluster. */
public final class SearchStatus {
  private static final int ROWS = 15;
  private static final int TEXT_WIDTH = 200;

  private final SearchDirectory directory;
  private final EarlyStopping.Metric metric;

  /**
   * Of the search in a directory.
   *
   * @throws dev.convoy.driver.configuration.ConfigurationException if that holds no search
   */
  public SearchStatus(SearchDirectory directory) {
    this.directory = directory;
    this.metric =
        ConfigurationReader.search(
                WrittenConfiguration.held(directory.configuration(), directory.location()).config())
            .metric();
  }

  /** Whether it has come to its end. */
  public boolean hasEnded() {
    return directory.summary().isPresent();
  }

  /** How far it is, and its best trials, as lines of text. */
  public String table() {
    Trials trials = new Trials(metric);
    Map<Integer, TrialEvent> running = new LinkedHashMap<>();
    TrialEvent last = null;
    for (TrialEvent event : TrialRecord.read(directory.journal(), SearchPlan.NOUN, metric)) {
      last = event;
      if (last.isBeginning()) {
        running.put(last.trial(), last);
      } else {
        running.remove(last.trial());
        trials.add(last);
      }
    }
    return headline(trials, running, last) + System.lineSeparator() + rows(trials, running);
  }

  private String headline(Trials trials, Map<Integer, TrialEvent> running, TrialEvent last) {
    String state =
        directory
            .summary()
            .map(summary -> "ended, " + summary.path("search").path("status").asText())
            .orElse("not ended");
    String counts =
        Arrays.stream(TrialState.values())
            .filter(each -> trials.count(each) > 0)
            .map(each -> trials.count(each) + " " + each.key())
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%s: %s; %s%s, %d epochs, %s",
        directory.location(),
        state,
        counts.isEmpty() ? "no trial has come to a result" : counts,
        running.isEmpty() ? "" : "; under way: " + running.size(),
        trials.epochsSpent(),
        Progress.duration(last == null ? 0 : last.clock().elapsedSeconds()));
  }

  private String rows(Trials trials, Map<Integer, TrialEvent> running) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("rank", "trial", "state", "epochs", metric.key(), "values"));
    int rank = 1;
    for (TrialEvent event : trials.ranked().stream().limit(ROWS).toList()) {
      rows.add(
          row(
              String.valueOf(rank++),
              event,
              event.result().state().key(),
              String.valueOf(event.result().epochs()),
              event.result().score().metric()));
    }
    running.values().forEach(event -> rows.add(underWay(event)));
    return render(rows);
  }

  private List<String> underWay(TrialEvent event) {
    JsonNode latest = directory.lastEvaluation(directory.runOf(event.trial())).orElse(null);
    JsonNode value =
        latest == null
            ? null
            : latest.path(metric == EarlyStopping.Metric.VALIDATION_LOSS ? "loss" : "accuracy");
    return row(
        "",
        event,
        TrialState.RUNNING.key(),
        latest == null ? "" : latest.path("epoch").asText(),
        value == null || !value.isNumber()
            ? OptionalDouble.empty()
            : OptionalDouble.of(value.asDouble()));
  }

  private static List<String> row(
      String rank, TrialEvent event, String state, String epochs, OptionalDouble value) {
    return List.of(
        rank,
        String.valueOf(event.trial()),
        state,
        epochs,
        value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : "",
        TrialProgress.values(event.values()));
  }

  private static String render(List<List<String>> rows) {
    int columns = rows.get(0).size();
    Column[] widths = new Column[columns];
    for (int i = 0; i < columns; i++) {
      int column = i;
      int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
      widths[i] = new Column(Math.min(width, TEXT_WIDTH) + 2, 0, Column.Overflow.TRUNCATE);
    }
    TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), widths);
    rows.forEach(row -> table.addRowValues(row.toArray(String[]::new)));
    return table.toString().stripTrailing();
  }
}
