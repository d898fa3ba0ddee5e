package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
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
  private static final String CONFIGURATION = "config.conf";
  private static final String METRICS = "metrics.jsonl";
  private static final String SUMMARY = "summary.json";
  private static final String MODEL = "model.zip";
  private static final String LABELS = "labels.txt";
  private static final String QUARANTINE = "quarantine.jsonl";
  private static final String CHECKPOINTS = "checkpoints";
  private static final List<String> OWN =
      List.of(
          CONFIGURATION,
          METRICS,
          SUMMARY,
          MODEL,
          LABELS,
          QUARANTINE,
          CHECKPOINTS,
          "events",
          "report.html");
  private static final int MENTIONED_DIFFERENCES = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private final FileSystem files;
  private final AtomicFiles atomic;
  private final int keep;
  private Runnable beforeWriting = () -> {};

  private RunDirectory(Path path, FileSystem files, AtomicFiles atomic, int keep) {
    this.path = path;
    this.files = files;
    this.atomic = atomic;
    this.keep = keep;
  }

  /**
   * Creates the directory, or opens that of the same run.
   *
   * @throws ConfigurationException if it cannot be written, or holds a different run and the
   *     configuration does not say to overwrite it
   */
  public static RunDirectory open(RunConfiguration configuration, Configuration hadoop) {
    try {
      Path path = new Path(configuration.output());
      FileSystem files = FileSystem.newInstance(path.toUri(), hadoop);
      RunDirectory directory =
          new RunDirectory(
              files.makeQualified(path),
              files,
              new AtomicFiles(files, hadoop),
              configuration.checkpoint().keep());
      if (files.exists(path) && !files.getFileStatus(path).isDirectory()) {
        throw new IOException("a file is in the way");
      }
      files.mkdirs(path);
      directory.claim(configuration);
      return directory;
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "output = "
              + configuration.output()
              + ": expected a directory that can be written, found: "
              + firstLine(e)
              + ". Choose another with output=…");
    }
  }

  /**
   * The same, for whoever may lose the right to write.
   *
   * @param beforeWriting is run before anything is written from now on; what it throws prevents
   *     that
   */
  public static RunDirectory open(
      RunConfiguration configuration, Configuration hadoop, Runnable beforeWriting) {
    RunDirectory directory = open(configuration, hadoop);
    directory.beforeWriting = beforeWriting;
    return directory;
  }

  /** Whether a run has ended there; looks without writing. */
  public static boolean hasEnded(String output, Configuration hadoop) {
    try (FileSystem files = FileSystem.newInstance(new Path(output).toUri(), hadoop)) {
      return files.exists(new Path(output, SUMMARY));
    } catch (IOException | IllegalArgumentException e) {
      // Whoever opens it says what is wrong.
      return false;
    }
  }

  private void claim(RunConfiguration configuration) throws IOException {
    Path file = child(CONFIGURATION);
    if (files.exists(file)) {
      String held = readText(file);
      Optional<String> difference = difference(held, configuration);
      if (difference.isEmpty()) {
        return;
      }
      if (!configuration.overwrite()) {
        throw new ConfigurationException(
            "output = "
                + configuration.output()
                + ": expected an empty directory or this run's own, found a different run ("
                + difference.get()
                + "). Choose another with output=…, or throw it away with --overwrite.");
      }
      for (String name : OWN) {
        files.delete(child(name), true);
      }
    }
    atomic.write(
        file, out -> out.write(configuration.text().full().getBytes(StandardCharsets.UTF_8)));
  }

  /** In which keys the run that the directory holds differs, if it does. */
  private static Optional<String> difference(String held, RunConfiguration here) {
    RunConfiguration there;
    try {
      there = ConfigurationReader.readEffective(held);
    } catch (ConfigurationException e) {
      return Optional.of("its config.conf does not fit this version");
    }
    if (there.text().identity().equals(here.text().identity())) {
      return Optional.empty();
    }
    Config first = ConfigFactory.parseString(there.text().identity());
    Config second = ConfigFactory.parseString(here.text().identity());
    TreeSet<String> keys = new TreeSet<>();
    first.entrySet().forEach(entry -> keys.add(entry.getKey()));
    second.entrySet().forEach(entry -> keys.add(entry.getKey()));
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String before = value(first, key);
      String now = value(second, key);
      if (!before.equals(now)) {
        differences.add(key + " = " + before + " there, " + now + " here");
      }
    }
    int more = differences.size() - MENTIONED_DIFFERENCES;
    return Optional.of(
        String.join(
                "; ", differences.subList(0, Math.min(MENTIONED_DIFFERENCES, differences.size())))
            + (more > 0 ? "; and " + more + " more" : ""));
  }

  private static String value(Config config, String key) {
    return config.hasPath(key) ? config.getValue(key).render() : "null";
  }

  /** Where it is, qualified with its file system. */
  public String location() {
    return path.toString();
  }

  /** The summary, once the run has ended. */
  public Optional<JsonNode> summary() {
    return reading(
        SUMMARY,
        () ->
            files.exists(child(SUMMARY))
                ? Optional.of(JSON.readTree(readText(child(SUMMARY))))
                : Optional.empty());
  }

  /** The latest whole checkpoint. */
  public Optional<Checkpoint> latestCheckpoint() {
    return reading(
        CHECKPOINTS,
        () -> {
          for (FileStatus file : checkpointsNewestFirst()) {
            try (InputStream in = files.open(file.getPath())) {
              return Optional.of(CheckpointFormat.read(in, file.getLen()));
            } catch (FileNotFoundException e) {
              throw e;
            } catch (IOException e) {
              LOG.warn("Passed over a damaged checkpoint, {}: {}", file.getPath(), firstLine(e));
            }
          }
          return Optional.empty();
        });
  }

  /** Writes a checkpoint, then removes the oldest beyond the number to keep. */
  public void write(Checkpoint checkpoint) {
    writing(
        "a checkpoint",
        () -> {
          String name = String.format("checkpoint-%09d.bin", checkpoint.state().totals().rounds());
          atomic.write(
              new Path(child(CHECKPOINTS), name), out -> CheckpointFormat.write(checkpoint, out));
          List<FileStatus> all = checkpointsNewestFirst();
          for (FileStatus old : all.subList(Math.min(keep, all.size()), all.size())) {
            files.delete(old.getPath(), false);
          }
        });
  }

  private List<FileStatus> checkpointsNewestFirst() throws IOException {
    if (!files.exists(child(CHECKPOINTS))) {
      return List.of();
    }
    return Arrays.stream(files.listStatus(child(CHECKPOINTS)))
        .filter(file -> file.getPath().getName().matches("checkpoint-\\d+\\.bin"))
        .sorted(Comparator.comparing((FileStatus file) -> file.getPath().getName()).reversed())
        .toList();
  }

  /** The lines of metrics.jsonl; none if it is not there. */
  List<String> metrics() {
    return reading(
        METRICS,
        () -> files.exists(child(METRICS)) ? readText(child(METRICS)).lines().toList() : List.of());
  }

  void writeMetrics(List<String> lines) {
    writeLines(METRICS, lines);
  }

  /** Writes labels.txt, in output order. */
  public void writeLabels(List<String> labels) {
    writeLines(LABELS, labels);
  }

  /**
   * Writes quarantine.jsonl.
   *
   * @param images one JSON object per image
   */
  public void writeQuarantine(List<JsonNode> images) {
    writeLines(QUARANTINE, images.stream().map(JsonNode::toString).toList());
  }

  private void writeLines(String name, List<String> lines) {
    writing(
        name,
        () ->
            atomic.write(
                child(name),
                out -> {
                  for (String line : lines) {
                    out.write(line.getBytes(StandardCharsets.UTF_8));
                    out.write('\n');
                  }
                }));
  }

  /** Content of a file to be. */
  public interface Content {
    /** Writes it all; does not close. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes model.zip. */
  public void writeModel(Content content) {
    writing(MODEL, () -> atomic.write(child(MODEL), content::writeTo));
  }

  /** Writes summary.json, the sign that the run has ended. */
  public void writeSummary(JsonNode summary) {
    writing(
        SUMMARY,
        () ->
            atomic.write(
                child(SUMMARY),
                out ->
                    out.write(
                        (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n")
                            .getBytes(StandardCharsets.UTF_8))));
  }

  /** Lets go of the file system; what was written stays. */
  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      LOG.debug("Cannot close {}", path, e);
    }
  }

  private Path child(String name) {
    return new Path(path, name);
  }

  private String readText(Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  private interface Question<T> {
    T answer() throws IOException;
  }

  private void writing(String what, Action action) {
    beforeWriting.run();
    try {
      action.run();
    } catch (IOException e) {
      throw new OutputException(
          "Cannot write "
              + what
              + " in "
              + path
              + ": "
              + firstLine(e)
              + ". What was written before is intact: make room or mend the cause, then give the same"
              + " command again to go on.",
          e);
    }
  }

  private <T> T reading(String what, Question<T> question) {
    try {
      return question.answer();
    } catch (IOException e) {
      throw new OutputException(
          "Cannot read " + what + " in " + path + ": " + firstLine(e) + ".", e);
    }
  }

  private static String firstLine(Exception e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getMessage().lines().findFirst().orElse("");
  }
}
