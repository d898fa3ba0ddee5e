package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.Text;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The directory of several runs: a line for each event in a journal, a run directory for each, and
 * a summary once all is done. Driver only; not thread-safe.
 */
public abstract sealed class RunsDirectory extends OutputDirectory
    permits EnsembleDirectory, SearchDirectory {
  private final Journal journal;
  private final String runs;

  /**
   * Takes a directory over.
   *
   * @param journal the name of its file
   * @param runs format of the path of a run in it
   */
  RunsDirectory(OutputDirectory directory, String journal, String runs) {
    super(directory);
    this.journal = new Journal(this, journal);
    this.runs = runs;
  }

  /**
   * Opens the directory of one of the runs; what may write there is what may write here.
   *
   * @throws ConfigurationException if it holds a different run
   * @throws OutputException if it cannot be written
   */
  public final RunDirectory openRun(RunConfiguration run) {
    return RunDirectory.openWithin(run, files().getConf(), beforeWriting());
  }

  /**
   * Opens that of a search or an ensemble, whichever is there.
   *
   * @param ifNoneHasBegun opens it where no run is recorded yet
   * @throws ConfigurationException if there is neither
   */
  public static RunsDirectory existing(
      String location,
      Configuration hadoop,
      BiFunction<String, Configuration, ? extends RunsDirectory> ifNoneHasBegun) {
    RunsDirectory directory = ifNoneHasBegun.apply(location, hadoop);
    if (directory.holds(SearchDirectory.TRIALS)) {
      directory.close();
      return SearchDirectory.existing(location, hadoop);
    }
    if (directory.holds(EnsembleDirectory.MEMBERS)) {
      directory.close();
      return EnsembleDirectory.existing(location, hadoop);
    }
    if (directory.holds(RunDirectory.METRICS) || directory.holds("checkpoints")) {
      directory.close();
      throw new ConfigurationException(
          "Cannot show %s: expected the directory of a search or an ensemble, found that of one"
              + " run; its metrics.jsonl and summary.json say how far it is.",
          location);
    }
    return directory;
  }

  /** Where the run directory of a trial or a member is. */
  public final String runOf(int number) {
    return child(Text.of(runs, number)).toString();
  }

  /** The process at work there, for people; empty if there is none. */
  public final Optional<String> holder() {
    return DirectoryLock.holder(location(), files().getConf());
  }

  /** The last line of a run's metrics.jsonl that tells of an evaluation. */
  public final Optional<JsonNode> lastEvaluation(int run) {
    Path file = new Path(runOf(run), RunDirectory.METRICS);
    TypedLines<JsonNode> lines = new TypedLines<>("validation", file, line -> line);
    bytes(file)
        .ifPresent(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().forEach(lines));
    return lines.found().stream().reduce((first, second) -> second);
  }

  /** The bytes of a file in the directory of a run, if it is there. */
  public final Optional<byte[]> fileOf(int run, String name) {
    return bytes(new Path(runOf(run), name));
  }

  /** The record of the runs. */
  public final Journal journal() {
    return journal;
  }

  /**
   * Removes results that no longer hold when runs are added: the summary, and what depends on it.
   */
  public abstract void reopen();

  @Override
  public final void discard() {
    journal.close();
    super.discard();
  }

  @Override
  public final void close() {
    journal.close();
    super.close();
  }
}
