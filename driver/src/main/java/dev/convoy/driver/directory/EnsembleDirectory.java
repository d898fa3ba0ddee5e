package dev.convoy.driver.directory;

import dev.convoy.driver.configuration.ConfigurationException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The directory of an ensemble: the record of its members, a run directory for each, and the
 * ensemble itself. Driver only; not thread-safe.
 */
public final class EnsembleDirectory extends RunsDirectory {
  /** The ensemble. */
  public static final String ENSEMBLE = "ensemble.zip";

  /** What was measured, the figures of every member among it. */
  public static final String STATISTICS = "statistics.json";

  /** The images whose class is least certain. */
  public static final String LEAST_SURE = "least-sure.png";

  /** The folder of predictions for other tools. */
  public static final String PREDICTIONS = "predictions";

  static final String MEMBERS = "members.jsonl";
  private static final String DISTILLED = "distilled";

  private EnsembleDirectory(OutputDirectory directory) {
    super(directory, MEMBERS, "members/%04d");
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

  /** The file of a network that was made of the ensemble. */
  public static String networkFile(String name) {
    return name + ".zip";
  }

  /** Where the run directory of the distilled network is. */
  public String distilled() {
    return child(DISTILLED).toString();
  }

  /** The bytes of a member's model.zip. */
  public byte[] model(int member) {
    return reading(
        "the model of member " + member,
        () -> {
          try (InputStream in = files().open(new Path(runOf(member), MODEL))) {
            return in.readAllBytes();
          }
        });
  }

  /** The bytes of the distilled network's model.zip, if there is one. */
  public Optional<byte[]> distilledModel() {
    return bytes(new Path(distilled(), MODEL));
  }

  /** Removes results that no longer hold when members are added or combined anew. */
  @Override
  public void reopen() {
    List.of(SummaryFile.NAME, DISTILLED, networkFile(DISTILLED), networkFile("average"))
        .forEach(this::delete);
  }
}
