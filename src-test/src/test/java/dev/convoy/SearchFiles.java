package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the directory of a search holds, also while the search goes on.
 *
 * @param files of the directory
 */
public record SearchFiles(RunFiles files) {
  /** A directory that is not there yet. */
  public static SearchFiles create(String name) {
    return new SearchFiles(Runs.newRun(name));
  }

  public String argument() {
    return files.argument();
  }

  public Path directory() {
    return files.directory();
  }

  /** The leaderboard without its last column, which differs from run to run. */
  public List<String> leaderboard() {
    try {
      return Files.readAllLines(directory().resolve("leaderboard.csv")).stream()
          .map(line -> line.substring(0, line.lastIndexOf(',')))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many whole lines trials.jsonl has so far. */
  public long recorded() {
    Path file = directory().resolve("trials.jsonl");
    if (!Files.exists(file)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of trials.jsonl of that state. */
  public List<JsonNode> trials(String state) {
    return files.lines("trials.jsonl").stream()
        .filter(line -> line.path("state").asText().equals(state))
        .toList();
  }

  public boolean hasEnded() {
    return Files.exists(directory().resolve("summary.json"));
  }

  public JsonNode summary() {
    assertThat(directory().resolve("summary.json")).exists();
    return files.summary();
  }
}
