package dev.convoy.driver.trial;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.Text;
import dev.convoy.driver.directory.RunsDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.training.Evaluation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/**
 * The trials of a search, or the members of an ensemble, seen from outside, by what is written of
 * them. Needs no cluster, and writes nothing.
 *
 * @param directory what is in it
 * @param noun what a trial is called in the record
 * @param metric by which trials are compared
 * @param command that makes such a directory
 */
public record TrialsStatus(
    RunsDirectory directory, String noun, EarlyStopping.Metric metric, String command) {
  private static final int ROWS = 15;
  private static final int TEXT_WIDTH = 200;

  /** Whether nothing more is to be seen, unless the command is given again. */
  public boolean isAtRest() {
    return directory.holder().isEmpty() || directory.summary().isPresent();
  }

  /** How far it is, and its best trials, as lines of text. */
  public String table() {
    // Read before the summary, which a process that ends meanwhile has written.
    Optional<String> holder = directory.holder();
    TrialHistory trials = new TrialHistory(metric);
    Map<Integer, TrialEvent> running = new LinkedHashMap<>();
    TrialEvent last = null;
    for (TrialEvent event : TrialRecord.read(directory.journal(), noun, metric)) {
      last = event;
      if (last.isBeginning()) {
        running.put(last.trial(), last);
      } else {
        running.remove(last.trial());
        trials.add(last);
      }
    }
    return headline(holder, trials, running, last)
        + System.lineSeparator()
        + rows(trials, running, holder);
  }

  private String headline(
      Optional<String> holder,
      TrialHistory trials,
      Map<Integer, TrialEvent> running,
      TrialEvent last) {
    String counts = trials.countsInWords();
    return Text.of(
        "%s: %s; %s, %d epochs, %s",
        directory.location(),
        state(holder, running.size()),
        counts.isEmpty() ? "no " + noun + " has come to a result" : counts,
        trials.epochsSpent(),
        Progress.duration(last == null ? 0 : last.clock().elapsedSeconds()));
  }

  private String state(Optional<String> holder, int running) {
    Optional<JsonNode> summary = directory.summary();
    if (summary.isPresent()) {
      JsonNode status = summary.get().at("/search/status");
      return "ended, " + (status.isTextual() ? status : summary.get().path("status")).asText();
    }
    if (holder.isPresent()) {
      return "not ended, at work: " + holder.get() + "; under way: " + running;
    }
    return "not ended, and no process is at work; "
        + (running == 0
            ? ""
            : running
                + " "
                + noun
                + (running == 1 ? " that was" : "s that were")
                + " under way "
                + (running == 1 ? "was" : "were")
                + " interrupted; ")
        + "go on with: convoy "
        + command
        + " --resume "
        + directory.location();
  }

  private String rows(
      TrialHistory trials, Map<Integer, TrialEvent> running, Optional<String> holder) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("rank", noun, "state", "epochs", metric.key(), "values"));
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
    running.values().forEach(event -> rows.add(underWay(event, holder)));
    return render(rows);
  }

  private List<String> underWay(TrialEvent event, Optional<String> holder) {
    Optional<Evaluation> latest = directory.lastEvaluation(event.trial()).map(Evaluation::of);
    OptionalDouble value =
        latest.stream().mapToDouble(at -> metric.of(at.loss(), at.accuracy())).findFirst();
    return row(
        "",
        event,
        (holder.isPresent() ? TrialState.RUNNING : TrialState.INTERRUPTED).key(),
        latest.map(evaluation -> String.valueOf(evaluation.epoch())).orElse(""),
        value.stream().filter(Double::isFinite).findFirst());
  }

  private static List<String> row(
      String rank, TrialEvent event, String state, String epochs, OptionalDouble value) {
    return List.of(
        rank,
        String.valueOf(event.trial()),
        state,
        epochs,
        value.isPresent() ? Text.of("%.4f", value.getAsDouble()) : "",
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
