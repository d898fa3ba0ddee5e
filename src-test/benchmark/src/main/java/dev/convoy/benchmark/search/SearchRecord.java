package dev.convoy.benchmark.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.benchmark.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a search's trials.jsonl says.
 *
 * @param steps each time a trial was better than all before, in order
 * @param trials that were begun, however often
 * @param epochs of all trials together
 * @param seconds from the search's beginning until its last trial had ended
 */
record SearchRecord(List<Step> steps, int trials, long epochs, double seconds) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the steps. */
  SearchRecord {
    steps = List.copyOf(steps);
  }

  /**
   * Something better was found.
   *
   * @param epochs that all trials together had spent by then
   * @param accuracy on the validation images, 0 to 1
   */
  record Step(long epochs, double accuracy) {}

  /**
   * Reads the journal of a search that has ended.
   *
   * @throws BenchmarkException if it cannot be understood
   */
  static SearchRecord read(Path directory) {
    Path file = directory.resolve("trials.jsonl");
    try {
      return of(Files.readAllLines(file));
    } catch (IOException e) {
      throw new BenchmarkException(
          "Cannot read %s: %s. Remove %s and measure again.".formatted(file, reason(e), directory),
          e);
    }
  }

  private static String reason(IOException failure) {
    return failure instanceof java.nio.file.NoSuchFileException
        ? "expected the journal of a search, found no such file"
        : failure.getMessage();
  }

  /** Reads lines; those of trials without an accuracy count their epochs alone. */
  static SearchRecord of(List<String> lines) throws IOException {
    List<Step> steps = new ArrayList<>();
    Set<Integer> begun = new HashSet<>();
    double best = Double.NEGATIVE_INFINITY;
    long epochs = 0;
    double seconds = 0;
    for (int i = 0; i < lines.size(); i++) {
      JsonNode event = event(lines.get(i), i + 1);
      begun.add(event.path("trial").asInt());
      epochs = event.path("epochs-spent").asLong();
      seconds = event.path("elapsed-seconds").asDouble();
      JsonNode accuracy = event.path("validation-accuracy");
      if (accuracy.isNumber() && accuracy.asDouble() > best) {
        best = accuracy.asDouble();
        steps.add(new Step(epochs, best));
      }
    }
    return new SearchRecord(steps, begun.size(), epochs, seconds);
  }

  private static JsonNode event(String line, int number) throws IOException {
    try {
      JsonNode event = JSON.readTree(line);
      for (String field : List.of("trial", "epochs-spent", "elapsed-seconds")) {
        if (!event.path(field).isNumber()) {
          throw new IOException(
              String.format(Locale.ROOT, "expected a number as %s in line %d", field, number));
        }
      }
      return event;
    } catch (JsonProcessingException e) {
      throw new IOException("expected a JSON object in line " + number, e);
    }
  }

  /** The best accuracy once so many epochs had been spent; empty before there was one. */
  OptionalDouble bestAfter(long spent) {
    return steps.stream()
        .filter(step -> step.epochs() <= spent)
        .mapToDouble(Step::accuracy)
        .reduce((before, after) -> after);
  }

  /** The best accuracy at the end; empty if no trial has one. */
  OptionalDouble best() {
    return bestAfter(epochs);
  }

  /** Epochs that had been spent when a trial first was as good as that; infinite if none was. */
  double epochsToReach(double accuracy) {
    return steps.stream()
        .filter(step -> step.accuracy() >= accuracy)
        .mapToDouble(Step::epochs)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }
}
