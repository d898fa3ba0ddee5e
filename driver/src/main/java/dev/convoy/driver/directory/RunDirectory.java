package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.Text;
import dev.convoy.data.format.Locations;
import dev.convoy.data.source.Quarantined;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
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
public final class RunDirectory extends OutputDirectory {
  static final String METRICS = "metrics.jsonl";
  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
  private static final String CHECKPOINTS = "checkpoints";

  /** Of a search that folds its images there are runs in trials/000007/fold-1. */
  private static final int LEVELS_OF_RUNS = 3;

  private final int keep;

  private RunDirectory(OutputDirectory directory, int keep) {
    super(directory);
    this.keep = keep;
  }

  /**
   * Creates the directory, or opens that of the same run.
   *
   * @param beforeWriting is run before anything is written; what it throws prevents that
   * @throws ConfigurationException if it cannot be written, or holds a different run and the
   *     configuration does not say to overwrite it
   */
  public static RunDirectory open(
      RunConfiguration configuration, Configuration hadoop, Runnable beforeWriting) {
    return new RunDirectory(
        OutputDirectory.open(claim(configuration), hadoop, beforeWriting),
        configuration.checkpoint().keep());
  }

  /**
   * The same within a directory that could be written.
   *
   * @throws OutputException if it cannot be any more
   */
  static RunDirectory openWithin(
      RunConfiguration configuration, Configuration hadoop, Runnable beforeWriting) {
    try {
      return new RunDirectory(
          OutputDirectory.opened(claim(configuration), hadoop, beforeWriting),
          configuration.checkpoint().keep());
    } catch (IOException e) {
      throw new OutputException(
          e,
          "Cannot open %s: %s. What was written before is intact: mend the cause, then give the same"
              + " command again to go on.",
          configuration.output(),
          Text.firstLine(e));
    }
  }

  /**
   * Opens one that is there, to be looked at alone.
   *
   * @throws ConfigurationException if there is none
   */
  public static RunDirectory existing(String location, Configuration hadoop) {
    return new RunDirectory(
        OutputDirectory.existing(location, "a run", hadoop), /* keep= */ Integer.MAX_VALUE);
  }

  /**
   * Where the runs in a directory are: it is one itself, or it has some in it, as a search and an
   * ensemble have.
   *
   * @return in the order of their names; the directory itself if none has begun in it
   * @throws ConfigurationException if it cannot be read
   */
  public static List<String> locations(String location, Configuration hadoop) {
    try {
      Path path = Locations.path(location);
      try (FileSystem files = Locations.newFileSystem(path, hadoop)) {
        if (!files.exists(path)) {
          throw new FileNotFoundException("nothing");
        }
        List<String> found = new ArrayList<>();
        addRuns(location, path, LEVELS_OF_RUNS, files, found);
        return found.isEmpty() ? List.of(location) : found.stream().sorted().toList();
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "Cannot look for runs in %s: expected a directory that can be read, found: %s.",
          location, Text.firstLine(e));
    }
  }

  private static void addRuns(
      String location, Path path, int levels, FileSystem files, List<String> found)
      throws IOException {
    if (files.exists(new Path(path, METRICS))) {
      found.add(location);
    } else if (levels > 0) {
      for (FileStatus file : files.listStatus(path)) {
        if (file.isDirectory()) {
          String name = file.getPath().getName();
          addRuns(location + "/" + name, file.getPath(), levels - 1, files, found);
        }
      }
    }
  }

  /** Opens the directory of a run if that run has ended; looks without writing. */
  public static Optional<RunDirectory> ifEnded(
      RunConfiguration configuration, Configuration hadoop) {
    return OutputDirectory.ifEnded(claim(configuration), hadoop)
        .map(directory -> new RunDirectory(directory, configuration.checkpoint().keep()));
  }

  private static DirectoryClaim claim(RunConfiguration configuration) {
    return new DirectoryClaim(
        configuration.output(),
        configuration.text(),
        configuration.overwrite(),
        held -> ConfigurationReader.readEffective(held).text().identity());
  }

  /**
   * The latest whole checkpoint. Damaged ones are set aside, so that they do not count among those
   * to keep; one that the file system does not give for now is not taken for damaged.
   *
   * @throws ConfigurationException if that is of another version's format
   */
  public Optional<Checkpoint> latestCheckpoint() {
    return reading(
        CHECKPOINTS,
        () -> {
          for (FileStatus file : checkpointsNewestFirst()) {
            try {
              return Optional.of(
                  CheckpointFormat.read(
                      () -> StoredFile.open(files(), file.getPath()), file.getLen()));
            } catch (FileNotFoundException | StoredFile.UnavailableException e) {
              throw e;
            } catch (CheckpointFormat.OtherFormatException e) {
              throw new ConfigurationException(
                  "Cannot go on from %s: %s, which another version of Convoy wrote. Go on with that"
                      + " version, or begin anew with --overwrite.",
                  file.getPath(), e.getMessage());
            } catch (IOException e) {
              setAside(file.getPath(), e);
            }
          }
          return Optional.empty();
        });
  }

  private void setAside(Path damaged, IOException cause) {
    Path aside = damaged.suffix(".damaged");
    writing(
        aside.getName(),
        () -> {
          files().delete(aside, false);
          if (!files().rename(damaged, aside)) {
            throw new IOException("it cannot be renamed");
          }
        });
    LOG.warn(
        "Passed over a damaged checkpoint, {}, which is now {}: {}",
        damaged,
        aside.getName(),
        Text.firstLine(cause));
  }

  /** Writes a checkpoint, then removes the oldest beyond the number to keep. */
  public void write(Checkpoint checkpoint) {
    String name = Text.of("checkpoint-%09d.bin", checkpoint.state().totals().rounds());
    writing(
        "a checkpoint",
        () -> {
          writeAtomically(
              new Path(child(CHECKPOINTS), name), out -> CheckpointFormat.write(checkpoint, out));
          List<FileStatus> all = checkpointsNewestFirst();
          for (FileStatus old : all.subList(Math.min(keep, all.size()), all.size())) {
            files().delete(old.getPath(), false);
          }
        });
  }

  private List<FileStatus> checkpointsNewestFirst() {
    return list(child(CHECKPOINTS)).stream()
        .filter(FileStatus::isFile)
        .filter(file -> file.getPath().getName().matches("checkpoint-[0-9]+\\.bin"))
        .sorted(Comparator.comparing((FileStatus file) -> file.getPath().getName()).reversed())
        .toList();
  }

  /** Removes the checkpoints: nothing goes on from here any more. */
  public void deleteCheckpoints() {
    delete(CHECKPOINTS);
  }

  /** What is made of the lines of metrics.jsonl that have a type; damaged ones are passed over. */
  public <T> List<T> metrics(String type, Function<JsonNode, T> meaning) {
    TypedLines<T> lines = new TypedLines<>(type, child(METRICS), meaning);
    forEachLine(METRICS, Integer.MAX_VALUE, lines);
    return lines.found();
  }

  /** Whether what is there was made with another identity, or in another version's format. */
  public boolean holdsOther(RunIdentity identity) {
    Optional<RunIdentity> then =
        summary().flatMap(summary -> RunIdentity.parse(summary.path("identity")));
    try {
      return then.or(() -> latestCheckpoint().map(Checkpoint::identity))
          .filter(identity::isRefused)
          .isPresent();
    } catch (ConfigurationException e) {
      return true;
    }
  }

  /** Writes quarantine.jsonl. */
  public void writeQuarantine(List<Quarantined> images) {
    QuarantineFile.write(this, images);
  }

  /** The paths in quarantine.jsonl; lines that are damaged do not count. */
  public Set<String> quarantinedPaths() {
    return QuarantineFile.read(this).stream().map(Quarantined::path).collect(Collectors.toSet());
  }

  /** When the run began, in milliseconds since 1970, by the file system's clock. */
  public long beganMillis() {
    return configuredMillis();
  }

  /** Where in a run's directory the model after an epoch is, counted from 1. */
  public static String snapshot(int epoch) {
    return Text.of("snapshots/%04d.zip", epoch);
  }
}
