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
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a trial of a search learned, pass by pass.
 *
 * @param label the values by which it differs from the others
 * @param training mean loss of the training images over each pass, each before the step that it
 *     took part in, by number of the pass
 * @param heldOut loss of the validation images after each pass
 */
record LearningCurves(
    String label, SortedMap<Integer, Double> training, SortedMap<Integer, Double> heldOut) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a search's directory.
   *
   * @param trials whose curves; empty for all
   * @throws BenchmarkException if it holds no search, or not those trials
   */
  static List<LearningCurves> read(Path search, List<Integer> trials) {
    try {
      SortedMap<Integer, Map<String, String>> values = values(search.resolve("trials.jsonl"));
      if (!values.keySet().containsAll(trials)) {
        throw new BenchmarkException(
            "Cannot draw trials "
                + trials
                + ": expected some of "
                + values.keySet()
                + " in "
                + search
                + ".");
      }
      if (!trials.isEmpty()) {
        values.keySet().retainAll(trials);
      }
      List<LearningCurves> curves = new ArrayList<>();
      for (int trial : values.keySet()) {
        String name = String.format(Locale.ROOT, "trials/%06d/metrics.jsonl", trial);
        curves.add(of(label(trial, values), search.resolve(name)));
      }
      return curves;
    } catch (IOException e) {
      throw new BenchmarkException(
          "Cannot draw curves: expected the directory of a search in " + search + ", found " + e,
          e);
    }
  }

  private static SortedMap<Integer, Map<String, String>> values(Path journal) throws IOException {
    SortedMap<Integer, Map<String, String>> values = new TreeMap<>();
    for (JsonNode event : lines(journal)) {
      Map<String, String> ofTrial = new LinkedHashMap<>();
      event
          .path("values")
          .fields()
          .forEachRemaining(value -> ofTrial.put(value.getKey(), value.getValue().asText()));
      values.put(event.path("trial").asInt(), ofTrial);
    }
    return values;
  }

  /** The trial's values that other trials do not have. */
  private static String label(int trial, SortedMap<Integer, Map<String, String>> values) {
    return values.get(trial).entrySet().stream()
        .filter(
            value ->
                values.values().stream()
                    .anyMatch(other -> !value.getValue().equals(other.get(value.getKey()))))
        .map(Map.Entry::getValue)
        .collect(Collectors.joining(", "));
  }

  private static LearningCurves of(String label, Path metrics) throws IOException {
    SortedMap<Integer, Double> lossSums = new TreeMap<>();
    SortedMap<Integer, Long> examples = new TreeMap<>();
    SortedMap<Integer, Double> heldOut = new TreeMap<>();
    for (JsonNode line : lines(metrics)) {
      int pass = line.path("epoch").asInt();
      JsonNode loss = line.path("loss");
      if (!loss.isNumber()) {
        continue; // of a trial that diverged
      }
      if (line.path("type").asText().equals("validation")) {
        heldOut.put(pass, loss.asDouble());
      } else {
        long count = line.path("examples").asLong();
        lossSums.merge(pass, count * loss.asDouble(), Double::sum);
        examples.merge(pass, count, Long::sum);
      }
    }
    lossSums.replaceAll((pass, sum) -> sum / examples.get(pass));
    return new LearningCurves(label, lossSums, heldOut);
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
