package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * What a run's directory tells of it, while it goes on or when it has ended. Driver only;
 * immutable.
 *
 * @param location of the directory, as it was given
 * @param configuration every key of it and its value
 * @param summary missing until the run has ended
 * @param rounds lines of metrics.jsonl, in order
 * @param evaluations lines of metrics.jsonl, in order
 */
record RecordedRun(
    String location,
    Map<String, String> configuration,
    JsonNode summary,
    List<RoundLine> rounds,
    List<JsonNode> evaluations) {

  /**
   * Reads what there is; nothing is written.
   *
   * @throws dev.convoy.driver.configuration.ConfigurationException if it is not a run's directory
   */
  static RecordedRun read(String location, Configuration hadoop) {
    try (RunDirectory directory = RunDirectory.existing(location, hadoop)) {
      return new RecordedRun(
          location,
          WrittenConfiguration.held(directory.configuration(), location).values(),
          directory.summary().orElse(MissingNode.getInstance()),
          directory.metrics(Reports.ROUND, RoundLine::of),
          directory.metrics(Evaluation.LINE_TYPE, line -> line));
    }
  }

  /** How it ended, or that it has not. */
  String status() {
    return summary.path("status").asText("unfinished");
  }

  /** Epochs begun. */
  int epochs() {
    return rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1).epoch();
  }

  /** Rounds trained. */
  long roundCount() {
    return rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1).round();
  }

  /** The line of the best evaluation so far, or a missing one. */
  JsonNode best() {
    return evaluations.stream()
        .filter(line -> line.path("improved").asBoolean())
        .reduce((first, second) -> second)
        .orElse(MissingNode.getInstance());
  }

  /** How many epochs were done after each round, a part of the last one too. */
  Map<Long, Double> epochsDone() {
    Map<Integer, Long> firstRounds = new LinkedHashMap<>();
    rounds.forEach(line -> firstRounds.putIfAbsent(line.epoch(), line.round()));
    long last = roundCount();
    Map<Long, Double> done = new LinkedHashMap<>();
    for (RoundLine line : rounds) {
      long first = firstRounds.get(line.epoch());
      Long next = firstRounds.get(line.epoch() + 1);
      Long before = firstRounds.get(line.epoch() - 1);
      long length = (next == null ? last + 1 : next) - first;
      if (next == null && before != null) {
        // The last one may have been cut short.
        length = Math.max(length, first - before);
      }
      done.put(line.round(), line.epoch() - 1 + (line.round() - first + 1.0) / length);
    }
    return done;
  }
}
