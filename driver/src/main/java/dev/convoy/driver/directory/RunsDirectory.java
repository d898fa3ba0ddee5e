package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
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
public abstract sealed class RunsDirectory implements AutoCloseable
    permits EnsembleDirectory, SearchDirectory {
  private static final String REPORT = "report.html";

  private final OutputDirectory directory;
  private final Journal journal;

  RunsDirectory(OutputDirectory directory, String journal) {
    this.directory = directory;
    this.journal = new Journal(directory, journal);
  }

  /**
   * Opens the directory of one of the runs; what may write there is what may write here.
   *
   * @throws ConfigurationException if it cannot be written, or holds a different run
   */
  public final RunDirectory openRun(RunConfiguration run) {
    return RunDirectory.open(run, directory.files().getConf(), directory.beforeWriting());
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
    if (directory.holds("metrics.jsonl") || directory.holds("checkpoints")) {
      directory.close();
      throw new ConfigurationException(
          "Cannot show "
              + location
              + ": expected the directory of a search or an ensemble, found that of one run; its"
              + " metrics.jsonl and summary.json say how far it is.");
    }
    return directory;
  }

  private boolean holds(String name) {
    return directory.reading(name, () -> directory.files().exists(directory.child(name)));
  }

  /** Where the run directory of a trial or a member is. */
  public abstract String runOf(int number);

  /** The process at work there, for people; empty if there is none. */
  public final Optional<String> holder() {
    return DirectoryLock.holder(location(), directory.files().getConf());
  }

  /** The last line of a run's metrics.jsonl that tells of an evaluation. */
  public final Optional<JsonNode> lastEvaluation(int run) {
    Path file = new Path(runOf(run), "metrics.jsonl");
    return directory.reading(
        file.toString(),
        () ->
            OutputDirectory.readBytes(directory.files(), file)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
                .flatMap(
                    lines ->
                        RunDirectory.ofType(lines, "validation", file)
                            .reduce((first, second) -> second)));
  }

  /** Where it is, qualified with its file system. */
  public final String location() {
    return directory.path().toString();
  }

  /** The configuration that it belongs to. */
  public final String configuration() {
    return directory.configuration().orElse("");
  }

  /** Writes the configuration that it belongs to anew, after an extension. */
  public final void writeConfiguration(String text) {
    directory.writeConfiguration(text);
  }

  /** The record of the runs. */
  public final Journal journal() {
    return journal;
  }

  /** Writes report.html. */
  public final void writeReport(FileContent content) {
    directory.write(REPORT, content);
  }

  /** The summary, once all is done. */
  public final Optional<JsonNode> summary() {
    return directory.summary();
  }

  /** Writes summary.json, the sign that all is done. */
  public final void writeSummary(JsonNode summary) {
    directory.writeSummary(summary);
  }

  /**
   * Removes results that no longer hold when runs are added: the summary, and what depends on it.
   */
  public void reopen() {
    directory.delete(OutputDirectory.SUMMARY);
  }

  /** Removes all that was made, to begin anew. */
  public final void discard() {
    journal.close();
    directory.discard();
  }

  /** Lets go of the file system; what was written stays. */
  @Override
  public final void close() {
    journal.close();
    directory.close();
  }
}
