package dev.convoy.driver.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run. Driver only.
 *
 * <p>Every file is whole or absent, whenever the driver is killed. A checkpoint that is damaged all
 * the same is passed over for the one before it.
 */
public final class RunDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
  private static final String METRICS = "metrics.jsonl";
  static final String MODEL = "model.zip";
  static final String LABELS = "labels.txt";
  private static final String QUARANTINE = "quarantine.jsonl";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String SNAPSHOTS = "snapshots";

  /** The names of everything that the directory of a run may hold. */
  static final List<String> OWN =
      List.of(
          "config.conf",
          METRICS,
          "summary.json",
          MODEL,
          LABELS,
          QUARANTINE,
          CHECKPOINTS,
          SNAPSHOTS,
          "events",
          "report.html");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final OutputDirectory directory;
  private final int keep;

  private RunDirectory(OutputDirectory directory, int keep) {
    this.directory = directory;
    this.keep = keep;
  }

  /**
   * Creates the directory, or opens that of the same run.
   *
   * @throws ConfigurationException if it cannot be written, or holds a different run and the
   *     configuration does not say to overwrite it
   */
  public static RunDirectory open(RunConfiguration configuration, Configuration hadoop) {
    OutputDirectory.Claim claim =
        new OutputDirectory.Claim(
            configuration.text(),
            configuration.overwrite(),
            held -> ConfigurationReader.readEffective(held).text().identity(),
            OWN);
    return new RunDirectory(
        OutputDirectory.open(configuration.output(), claim, hadoop),
        configuration.checkpoint().keep());
  }

  /**
   * The same, for whoever may lose the right to write.
   *
   * @param beforeWriting is run before anything is written from now on; what it throws prevents
   *     that
   */
  public static RunDirectory open(
      RunConfiguration configuration, Configuration hadoop, Runnable beforeWriting) {
    RunDirectory run = open(configuration, hadoop);
    run.directory.guard(beforeWriting);
    return run;
  }

  /** Whether a run has ended there; looks without writing. */
  public static boolean hasEnded(String output, Configuration hadoop) {
    return OutputDirectory.hasEnded(output, hadoop);
  }

  /** Where it is, qualified with its file system. */
  public String location() {
    return directory.path().toString();
  }

  /** The summary, once the run has ended. */
  public Optional<JsonNode> summary() {
    return directory.summary();
  }

  /**
   * The latest whole checkpoint.
   *
   * @throws ConfigurationException if that is of another version's format
   */
  public Optional<Checkpoint> latestCheckpoint() {
    return directory.reading(
        CHECKPOINTS,
        () -> {
          for (FileStatus file : checkpointsNewestFirst()) {
            try (InputStream in = directory.files().open(file.getPath())) {
              return Optional.of(CheckpointFormat.read(in, file.getLen()));
            } catch (FileNotFoundException e) {
              throw e;
            } catch (CheckpointFormat.OtherFormatException e) {
              throw new ConfigurationException(
                  "Cannot go on from "
                      + file.getPath()
                      + ": "
                      + e.getMessage()
                      + ", which another version of Convoy wrote. Go on with that version, or begin"
                      + " anew with --overwrite.");
            } catch (IOException e) {
              LOG.warn(
                  "Passed over a damaged checkpoint, {}: {}",
                  file.getPath(),
                  OutputDirectory.firstLine(e));
            }
          }
          return Optional.empty();
        });
  }

  /** Writes a checkpoint, then removes the oldest beyond the number to keep. */
  public void write(Checkpoint checkpoint) {
    directory.writing(
        "a checkpoint",
        () -> {
          String name =
              String.format(
                  Locale.ROOT, "checkpoint-%09d.bin", checkpoint.state().totals().rounds());
          directory.writeAtomically(
              new Path(directory.child(CHECKPOINTS), name),
              out -> CheckpointFormat.write(checkpoint, out));
          List<FileStatus> all = checkpointsNewestFirst();
          for (FileStatus old : all.subList(Math.min(keep, all.size()), all.size())) {
            directory.files().delete(old.getPath(), false);
          }
        });
  }

  private List<FileStatus> checkpointsNewestFirst() throws IOException {
    Path checkpoints = directory.child(CHECKPOINTS);
    if (!directory.files().exists(checkpoints)) {
      return List.of();
    }
    return Arrays.stream(directory.files().listStatus(checkpoints))
        .filter(file -> file.getPath().getName().matches("checkpoint-\\d+\\.bin"))
        .sorted(Comparator.comparing((FileStatus file) -> file.getPath().getName()).reversed())
        .toList();
  }

  /** Removes the checkpoints: nothing goes on from here any more. */
  public void deleteCheckpoints() {
    directory.delete(CHECKPOINTS);
  }

  /** The lines of metrics.jsonl; none if it is not there. */
  List<String> metrics() {
    return directory.lines(METRICS);
  }

  /** The lines of metrics.jsonl that have that type. */
  public List<JsonNode> metrics(String type) {
    return ofType(metrics(), type).toList();
  }

  static Stream<JsonNode> ofType(List<String> lines, String type) {
    return lines.stream()
        .filter(line -> line.contains('"' + type + '"'))
        .map(RunDirectory::parse)
        .filter(line -> line.path("type").asText().equals(type));
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new OutputException("Cannot read metrics.jsonl: " + e.getOriginalMessage() + ".", e);
    }
  }

  void writeMetrics(List<String> lines) {
    directory.writeLines(METRICS, lines);
  }

  /** Writes labels.txt, in output order. */
  public void writeLabels(List<String> labels) {
    directory.writeLines(LABELS, labels);
  }

  /**
   * Writes quarantine.jsonl.
   *
   * @param images one JSON object per image
   */
  public void writeQuarantine(List<JsonNode> images) {
    directory.writeLines(QUARANTINE, images.stream().map(JsonNode::toString).toList());
  }

  /** The paths in quarantine.jsonl; lines that are damaged do not count. */
  public Set<String> quarantinedPaths() {
    Set<String> paths = new HashSet<>();
    for (String line : directory.lines(QUARANTINE)) {
      try {
        paths.add(JSON.readTree(line).path("path").asText());
      } catch (JsonProcessingException e) {
        LOG.debug("Passed over a damaged line of {}: {}", QUARANTINE, line);
      }
    }
    return paths;
  }

  /** When the run began, in milliseconds since 1970, by the file system's clock. */
  public long beganMillis() {
    return directory.configuredMillis();
  }

  /** Writes model.zip. */
  public void writeModel(FileContent content) {
    directory.write(MODEL, content);
  }

  /** Writes the model after an epoch, counted from 1. */
  public void writeSnapshot(int epoch, FileContent content) {
    directory.write(snapshot(epoch), content);
  }

  /** Where in a run's directory the model after an epoch is, counted from 1. */
  static String snapshot(int epoch) {
    return String.format(Locale.ROOT, "%s/%04d.zip", SNAPSHOTS, epoch);
  }

  /** Writes summary.json, the sign that the run has ended. */
  public void writeSummary(JsonNode summary) {
    directory.writeSummary(summary);
  }

  /** Lets go of the file system; what was written stays. */
  @Override
  public void close() {
    directory.close();
  }
}
