package dev.convoy.benchmark.averaging;

import static dev.convoy.benchmark.report.Table.number;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.benchmark.report.Json;
import dev.convoy.benchmark.report.Machine;
import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What rounds cost, as text in columns and as averaging.json. */
final class AveragingReport {
  private static final double MEGABYTE = 1e6;

  private static final String EXPLANATION =
      """
      A round: workers get parameters and momentum, bring back as much, and they are averaged; seconds are medians
      (least to most). All processes share this machine's cores, so that these are times of CPUs, not of a network.
      MB: what Linux counts that a process read and wrote in a round (/proc/PID/io), through sockets and of files, in
      and out together: broadcasts, blocks, shuffles, results of tasks, and what memory has no room for.
      Vectors are of random numbers, which do not get shorter when they are compressed.
      driver, executors: averaging.route, with averaging.compression where a format is named. dl4j: ParameterAveragingTrainingMaster, with updaters saved, on a perceptron of
      about as many parameters; one example a worker is trained in each round, and the round is one fit.
      """;

  private AveragingReport() {}

  /** One line for a person who waits. */
  static String line(AveragingCost cost) {
    return String.format(
        Locale.ROOT,
        "%s s a round; driver %s MB, busiest executor %s MB",
        number(cost.seconds().median(), 2),
        megabytes(cost.driverBytes()),
        megabytes(cost.executorBytes()));
  }

  /** All of them. */
  static String table(List<AveragingCost> costs, List<String> skipped) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "parameters",
            "executors",
            "way",
            "heap, MiB",
            "seconds a round",
            "driver, MB",
            "busiest executor, MB"));
    for (AveragingCost cost : costs) {
      Measurement seconds = cost.seconds();
      rows.add(
          List.of(
              Integer.toString(cost.parameters()),
              Integer.toString(cost.executors()),
              cost.way().toString(),
              Integer.toString(cost.heapMebibytes()),
              String.format(
                  Locale.ROOT,
                  "%.2f (%.2f to %.2f)",
                  seconds.median(),
                  seconds.least(),
                  seconds.most()),
              megabytes(cost.driverBytes()),
              megabytes(cost.executorBytes())));
    }
    StringBuilder text = new StringBuilder(Table.columns(rows));
    skipped.forEach(one -> text.append("skipped: ").append(one).append('\n'));
    return text.append(EXPLANATION).toString();
  }

  private static String megabytes(double bytes) {
    return number(bytes / MEGABYTE, 0);
  }

  /** The same with every sample. */
  static ObjectNode json(Machine machine, List<AveragingCost> costs, List<String> skipped) {
    ObjectNode report = Json.report(machine);
    ArrayNode all = report.putArray("averaging");
    for (AveragingCost cost : costs) {
      ObjectNode node =
          all.addObject()
              .put("way", cost.way().toString())
              .put("parameters", cost.parameters())
              .put("executors", cost.executors())
              .put("heap-mebibytes", cost.heapMebibytes());
      Json.put(node, "seconds", cost.seconds());
      Json.put(node, "driver-bytes-in", cost.of(round -> round.driver().in()));
      Json.put(node, "driver-bytes-out", cost.of(round -> round.driver().out()));
      Json.put(node, "executor-bytes-in", cost.of(round -> round.busiest().in()));
      Json.put(node, "executor-bytes-out", cost.of(round -> round.busiest().out()));
    }
    skipped.forEach(report.putArray("skipped")::add);
    return report;
  }
}
