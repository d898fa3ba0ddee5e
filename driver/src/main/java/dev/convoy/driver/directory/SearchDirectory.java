package dev.convoy.driver.directory;

import dev.convoy.driver.configuration.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The directory of a search: the record of its trials, and a run directory for each. Driver only;
 * not thread-safe.
 */
public final class SearchDirectory extends RunsDirectory {
  static final String TRIALS = "trials.jsonl";
  private static final String LEADERBOARD = "leaderboard.csv";
  private static final String BEST = "best.conf";
  private static final String RUNS = "trials";
  private static final String REFIT = "refit";

  private final OutputDirectory directory;

  private SearchDirectory(OutputDirectory directory) {
    super(directory, TRIALS);
    this.directory = directory;
  }

  /**
   * Creates the directory, or opens that of the same search.
   *
   * @param beforeWriting is run before anything is written; what it throws prevents that
   * @throws ConfigurationException if it cannot be written, or holds something different and
   *     overwriting is not said
   */
  public static SearchDirectory open(
      DirectoryClaim claim, Configuration hadoop, Runnable beforeWriting) {
    return new SearchDirectory(OutputDirectory.open(claim, hadoop, beforeWriting));
  }

  /**
   * Opens one that is there.
   *
   * @throws ConfigurationException if there is none
   */
  public static SearchDirectory existing(String location, Configuration hadoop) {
    return new SearchDirectory(OutputDirectory.existing(location, "a search", hadoop));
  }

  @Override
  public String runOf(int trial) {
    return runs() + "/" + String.format(Locale.ROOT, "%06d", trial);
  }

  /** Where the run directory of one fold of a trial is; folds are counted from 1. */
  public String runOf(int trial, int fold) {
    return runOf(trial) + "/fold-" + fold;
  }

  private String runs() {
    return directory.child(RUNS).toString();
  }

  /** Where the run directory of the winner's refit is. */
  public String refit() {
    return directory.child(REFIT).toString();
  }

  /** Writes leaderboard.csv. */
  public void writeLeaderboard(String text) {
    directory.writeText(LEADERBOARD, text);
  }

  /** The lines of leaderboard.csv; none if it is not there. */
  public List<String> leaderboard() {
    return directory.lines(LEADERBOARD);
  }

  /** Writes best.conf. */
  public void writeBest(String text) {
    directory.writeText(BEST, text);
  }

  /** Removes the results of a search that goes on: its summary, its model and its refit. */
  @Override
  public void reopen() {
    super.reopen();
    dropModel();
    directory.delete(REFIT);
  }

  /** Writes model.zip. */
  public void writeModel(FileContent content) {
    directory.write(RunDirectory.MODEL, content);
  }

  /** Writes labels.txt. */
  public void writeLabels(List<String> labels) {
    directory.writeLines(RunDirectory.LABELS, labels);
  }

  /** Whether there is a model.zip. */
  public boolean hasModel() {
    return directory.reading(
        RunDirectory.MODEL, () -> directory.files().exists(directory.child(RunDirectory.MODEL)));
  }

  /** Removes model.zip and labels.txt, which may be those of an earlier winner. */
  public void dropModel() {
    directory.delete(RunDirectory.MODEL);
    directory.delete(RunDirectory.LABELS);
  }

  /** Copies model.zip and labels.txt of a run of this search, as far as they are there. */
  public void adopt(String run) {
    for (String name : List.of("model.zip", "labels.txt")) {
      directory.writing(
          name,
          () -> {
            Path source = new Path(run, name);
            if (directory.files().exists(source)) {
              try (InputStream in = directory.files().open(source)) {
                directory.writeAtomically(directory.child(name), in::transferTo);
              }
            }
          });
    }
  }

  /**
   * A trial whose model is there.
   *
   * @param trial its number
   * @param configuration of its run
   * @param model the bytes of its model.zip
   */
  public record KeptModel(int trial, String configuration, byte[] model) {}

  /** The trials whose models are there, in the order of their numbers; without folds. */
  public List<KeptModel> keptModels() {
    return directory.reading(
        "the trials",
        () -> {
          List<KeptModel> kept = new ArrayList<>();
          Path runs = directory.child(RUNS);
          if (!directory.files().exists(runs)) {
            return kept;
          }
          for (FileStatus run : directory.files().listStatus(runs)) {
            String name = run.getPath().getName();
            Optional<byte[]> model = read(run.getPath(), "model.zip");
            Optional<byte[]> configuration = read(run.getPath(), "config.conf");
            if (name.matches("\\d{6}") && model.isPresent() && configuration.isPresent()) {
              kept.add(
                  new KeptModel(
                      Integer.parseInt(name),
                      new String(configuration.get(), StandardCharsets.UTF_8),
                      model.get()));
            }
          }
          kept.sort(Comparator.comparingInt(KeptModel::trial));
          return kept;
        });
  }

  private Optional<byte[]> read(Path run, String name) throws IOException {
    return OutputDirectory.readBytes(directory.files(), new Path(run, name));
  }

  /** Removes the models of a trial. */
  public void deleteModel(int trial, int folds) {
    directory.writing(
        "trials",
        () -> {
          directory.files().delete(new Path(runOf(trial), "model.zip"), false);
          for (int fold = 1; fold <= folds; fold++) {
            directory.files().delete(new Path(runOf(trial, fold), "model.zip"), false);
          }
        });
  }

  /** Removes the checkpoints of a trial: nothing goes on from there any more. */
  public void deleteCheckpoints(int trial, int folds) {
    directory.writing(
        "trials",
        () -> {
          directory.files().delete(new Path(runOf(trial), "checkpoints"), true);
          for (int fold = 1; fold <= folds; fold++) {
            directory.files().delete(new Path(runOf(trial, fold), "checkpoints"), true);
          }
        });
  }
}
