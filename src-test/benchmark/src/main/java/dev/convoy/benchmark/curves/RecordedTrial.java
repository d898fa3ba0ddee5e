package dev.convoy.benchmark.curves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.benchmark.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A trial of a search, as its directory tells of it.
 *
 * @param number counted from 0
 * @param values that were chosen for it, by key
 * @param metric its best validation accuracy, or its best validation loss in a search for that; NaN
 *     if it has none
 */
record RecordedTrial(int number, Map<String, String> values, double metric) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a search's directory.
   *
   * @return trials by their numbers
   * @throws BenchmarkException if it holds no search
   */
  static SortedMap<Integer, RecordedTrial> read(Path search) {
    try {
      SortedMap<Integer, RecordedTrial> trials = new TreeMap<>();
      for (JsonNode event : lines(search.resolve("trials.jsonl"))) {
        RecordedTrial trial = of(event);
        trials.put(trial.number(), trial);
      }
      return trials;
    } catch (IOException e) {
      throw new BenchmarkException(
          "Cannot read trials: expected the directory of a search in " + search + ", found " + e,
          e);
    }
  }

  private static RecordedTrial of(JsonNode event) {
    Map<String, String> values = new LinkedHashMap<>();
    event
        .path("values")
        .fields()
        .forEachRemaining(value -> values.put(value.getKey(), value.getValue().asText()));
    double metric =
        Stream.of("validation-accuracy", "validation-loss")
            .map(event::path)
            .filter(JsonNode::isNumber)
            .mapToDouble(JsonNode::asDouble)
            .findFirst()
            .orElse(Double.NaN);
    return new RecordedTrial(event.path("trial").asInt(), values, metric);
  }

  /** The objects in a file of JSON lines. */
  static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
