package dev.convoy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run directory holds, also while the run goes on.
 *
 * @param directory of the run
 */
public record RunFiles(Path directory) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d+)\\.bin");

  /** The argument that sends a run there. */
  public String argument() {
    return "output=" + directory;
  }

  public JsonNode summary() {
    try {
      return JSON.readTree(directory.resolve("summary.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String parameters() {
    return summary().path("parameter-sha256").asText();
  }

  /** The objects of a file with one on every line. */
  public List<JsonNode> lines(String name) {
    List<JsonNode> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(directory.resolve(name))) {
        lines.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  /** How many rounds the latest checkpoint has behind it; 0 without one. */
  public int checkpointedRounds() {
    int rounds = 0;
    for (String name : checkpointNames()) {
      Matcher matcher = CHECKPOINT.matcher(name);
      if (matcher.matches()) {
        rounds = Math.max(rounds, Integer.parseInt(matcher.group(1)));
      }
    }
    return rounds;
  }

  /** Whether a checkpoint is being written. */
  public boolean isCheckpointUnderWay() {
    return checkpointNames().stream().anyMatch(name -> name.endsWith(".tmp"));
  }

  private List<String> checkpointNames() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("checkpoints"))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (DirectoryIteratorException e) {
      throw new UncheckedIOException(e.getCause());
    }
    return names;
  }
}
