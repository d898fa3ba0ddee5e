package dev.convoy.driver.search;

import dev.convoy.data.Text;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialHistory;
import dev.convoy.driver.trial.TrialResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * leaderboard.csv: the trials, best first. The last column differs from run to run; the others are
 * a function of the configuration, unless asynchronous decisions were taken.
 */
final class Leaderboard {
  private Leaderboard() {}

  static String text(
      TrialHistory trials, EarlyStopping.Metric metric, List<String> columns, boolean folds) {
    List<String> header =
        new ArrayList<>(List.of("rank", "trial", "state", "epochs", metric.key()));
    if (folds) {
      header.add("standard-error");
    }
    header.addAll(columns);
    header.add("seconds");
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer =
        new CSVPrinter(text, CSVFormat.RFC4180.builder().setRecordSeparator('\n').build())) {
      printer.printRecord(header);
      int rank = 1;
      for (TrialEvent event : trials.ranked()) {
        printer.printRecord(row(rank++, event, columns, folds));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory does not fail", e);
    }
    return text.toString();
  }

  private static List<Object> row(int rank, TrialEvent event, List<String> columns, boolean folds) {
    TrialResult result = event.result();
    List<Object> row = new ArrayList<>();
    row.add(rank);
    row.add(event.trial());
    row.add(result.state().key());
    row.add(result.epochs());
    row.add(result.score().metric().isPresent() ? result.score().metric().getAsDouble() : "");
    if (folds) {
      row.add(
          result.score().standardError().isPresent()
              ? result.score().standardError().getAsDouble()
              : "");
    }
    columns.forEach(column -> row.add(event.values().getOrDefault(column, "")));
    row.add(Text.of("%.1f", event.clock().seconds()));
    return row;
  }
}
