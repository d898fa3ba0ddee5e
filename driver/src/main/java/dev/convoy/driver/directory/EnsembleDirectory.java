package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.configuration.ConfigurationException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The directory of an ensemble: the record of its members, a run directory for each, and the
 * ensemble itself. Driver only; not thread-safe.
 */
public final class EnsembleDirectory extends RunsDirectory {
  static final String MEMBERS = "members.jsonl";
  private static final String RUNS = "members";
  private static final String ENSEMBLE = "ensemble.zip";
  private static final String STATISTICS = "statistics.json";
  private static final String LABELS = "labels.txt";
  private static final String DISTILLED = "distilled";
  private static final String AVERAGE = "average";
  private static final String LEAST_SURE = "least-sure.png";
  private static final String PREDICTIONS = "predictions";

  private final OutputDirectory directory;

  private EnsembleDirectory(OutputDirectory directory) {
    super(directory, MEMBERS);
    this.directory = directory;
  }

  /**
   * Creates the directory, or opens that of the same ensemble.
   *
   * @param beforeWriting is run before anything is written; what it throws prevents that
   * @throws ConfigurationException if it cannot be written, or holds something different and
   *     overwriting is not said
   */
  public static EnsembleDirectory open(
      DirectoryClaim claim, Configuration hadoop, Runnable beforeWriting) {
    return new EnsembleDirectory(OutputDirectory.open(claim, hadoop, beforeWriting));
  }

  /**
   * Opens one that is there.
   *
   * @throws ConfigurationException if there is none
   */
  public static EnsembleDirectory existing(String location, Configuration hadoop) {
    return new EnsembleDirectory(OutputDirectory.existing(location, "an ensemble", hadoop));
  }

  @Override
  public String runOf(int member) {
    return directory.child(RUNS) + "/" + String.format(Locale.ROOT, "%04d", member);
  }

  /** The bytes of a member's model.zip. */
  public byte[] model(int member) {
    return directory.reading(
        "the model of member " + member,
        () -> {
          try (InputStream in =
              directory.files().open(new Path(runOf(member), RunDirectory.MODEL))) {
            return in.readAllBytes();
          }
        });
  }

  /** The bytes of a run's model after an epoch, counted from 1, if it was kept. */
  public Optional<byte[]> snapshot(int run, int epoch) {
    return directory.reading(
        "the snapshots of member " + run,
        () ->
            OutputDirectory.readBytes(
                directory.files(), new Path(runOf(run), RunDirectory.snapshot(epoch))));
  }

  /** Writes ensemble.zip. */
  public void writeEnsemble(FileContent content) {
    directory.write(ENSEMBLE, content);
  }

  /** Writes the file of a network that was made of the ensemble. */
  public void writeNetwork(String name, FileContent content) {
    directory.write(file(name), content);
  }

  private static String file(String network) {
    return network + ".zip";
  }

  /** Where the run directory of the distilled network is. */
  public String distilled() {
    return directory.child(DISTILLED).toString();
  }

  /** The bytes of the distilled network's model.zip, if there is one. */
  public Optional<byte[]> distilledModel() {
    return directory.reading(
        "the distilled network",
        () ->
            OutputDirectory.readBytes(
                directory.files(), new Path(distilled(), RunDirectory.MODEL)));
  }

  /** Writes least-sure.png. */
  public void writeLeastSure(FileContent content) {
    directory.write(LEAST_SURE, content);
  }

  /**
   * Writes a file of predictions.
   *
   * @param name within {@code predictions/}
   */
  public void writePredictions(String name, FileContent content) {
    directory.write(PREDICTIONS + "/" + name, content);
  }

  /** Removes the files of predictions. */
  public void deletePredictions() {
    directory.delete(PREDICTIONS);
  }

  /** Writes statistics.json. */
  public void writeStatistics(JsonNode statistics) {
    directory.writeJson(STATISTICS, statistics);
  }

  /** Writes labels.txt, in output order. */
  public void writeLabels(List<String> labels) {
    directory.writeLines(LABELS, labels);
  }

  /** Removes results that no longer hold when members are added or combined anew. */
  @Override
  public void reopen() {
    super.reopen();
    directory.delete(DISTILLED);
    directory.delete(file(DISTILLED));
    directory.delete(file(AVERAGE));
  }
}
