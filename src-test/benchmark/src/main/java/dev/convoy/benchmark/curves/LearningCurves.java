package dev.convoy.benchmark.curves;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.benchmark.BenchmarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run, or a trial of a search, learned, pass by pass.
 *
 * @param label of a run its name, of a trial the values by which it differs from the others
 * @param training mean loss of the training images over each pass, each before the step that it
 *     took part in, by number of the pass
 * @param heldOut loss of the validation images after each pass
 */
record LearningCurves(
    String label, SortedMap<Integer, Double> training, SortedMap<Integer, Double> heldOut) {
  /**
   * Reads a search's directory.
   *
   * @param trials whose curves; empty for all
   * @throws BenchmarkException if it holds no search, or not those trials
   */
  static List<LearningCurves> read(Path search, List<Integer> trials) {
    try {
      SortedMap<Integer, RecordedTrial> recorded = RecordedTrial.read(search);
      if (!recorded.keySet().containsAll(trials)) {
        throw new BenchmarkException(
            "Cannot draw trials "
                + trials
                + ": expected some of "
                + recorded.keySet()
                + " in "
                + search
                + ".");
      }
      if (!trials.isEmpty()) {
        recorded.keySet().retainAll(trials);
      }
      List<LearningCurves> curves = new ArrayList<>();
      for (RecordedTrial trial : recorded.values()) {
        String name = String.format(Locale.ROOT, "trials/%06d/metrics.jsonl", trial.number());
        curves.add(of(label(trial, recorded.values()), search.resolve(name)));
      }
      return curves;
    } catch (IOException e) {
      throw new BenchmarkException(
          "Cannot draw curves: expected the directory of a search in " + search + ", found " + e,
          e);
    }
  }

  /**
   * Those of a run, which is called as its directory is.
   *
   * @throws BenchmarkException if it holds no run
   */
  static LearningCurves ofRun(Path run) {
    try {
      return of(run.toAbsolutePath().getFileName().toString(), run.resolve("metrics.jsonl"));
    } catch (IOException e) {
      throw new BenchmarkException(
          "Cannot draw curves: expected the directory of a run in " + run + ", found " + e, e);
    }
  }

  /** The trial's values that other trials do not have. */
  private static String label(RecordedTrial trial, Collection<RecordedTrial> trials) {
    return trial.values().entrySet().stream()
        .filter(
            value ->
                trials.stream()
                    .anyMatch(
                        other -> !value.getValue().equals(other.values().get(value.getKey()))))
        .map(Map.Entry::getValue)
        .collect(Collectors.joining(", "));
  }

  private static LearningCurves of(String label, Path metrics) throws IOException {
    SortedMap<Integer, Double> lossSums = new TreeMap<>();
    SortedMap<Integer, Long> examples = new TreeMap<>();
    SortedMap<Integer, Double> heldOut = new TreeMap<>();
    for (JsonNode line : RecordedTrial.lines(metrics)) {
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
}
