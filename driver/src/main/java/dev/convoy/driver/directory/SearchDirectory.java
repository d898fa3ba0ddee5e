package dev.convoy.driver.directory;

import dev.convoy.driver.configuration.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The directory of a search: the record of its trials, and a run directory for each. Driver only;
 * not thread-safe.
 */
public final class SearchDirectory extends RunsDirectory {
  /** The trials in order, a line each. */
  public static final String LEADERBOARD = "leaderboard.csv";

  /** The winner's experiment. */
  public static final String BEST = "best.conf";

  static final String TRIALS = "trials.jsonl";
  private static final String RUNS = "trials";
  private static final String REFIT = "refit";

  private SearchDirectory(OutputDirectory directory) {
    super(directory, TRIALS, RUNS + "/%06d");
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

  /** Where the run directory of one fold of a trial is; folds are counted from 1. */
  public String runOf(int trial, int fold) {
    return runOf(trial) + "/fold-" + fold;
  }

  /** Where the run directory of the winner's refit is. */
  public String refit() {
    return child(REFIT).toString();
  }

  @Override
  public void reopen() {
    List.of(SummaryFile.NAME, MODEL, LABELS, REFIT).forEach(this::delete);
  }

  /** Removes model.zip and labels.txt, which may be those of an earlier winner. */
  public void dropModel() {
    delete(MODEL);
    delete(LABELS);
  }

  /** Copies model.zip and labels.txt of a run of this search, as far as they are there. */
  public void adopt(String run) {
    for (String name : List.of(MODEL, LABELS)) {
      bytes(new Path(run, name)).ifPresent(content -> write(name, out -> out.write(content)));
    }
  }

  /**
   * A trial whose model is there.
   *
   * @param trial its number
   * @param configuration of its run
   * @param model the bytes of its model.zip
   */
  public record KeptModel(
      int trial, String configuration, byte[] model, Optional<RunIdentity> identity) {}

  /** The trials whose models are there, in the order of their numbers; without folds. */
  public List<KeptModel> keptModels() {
    return list(child(RUNS)).stream()
        .map(run -> run.getPath().getName())
        .filter(name -> name.matches("\\d{6}"))
        .map(Integer::parseInt)
        .sorted()
        .flatMap(this::keptModel)
        .toList();
  }

  private Stream<KeptModel> keptModel(int trial) {
    Optional<String> configuration = textOf(trial, "config.conf");
    return fileOf(trial, MODEL)
        .filter(model -> configuration.isPresent())
        .map(
            model ->
                new KeptModel(
                    trial,
                    configuration.get(),
                    model,
                    textOf(trial, SummaryFile.NAME).flatMap(SummaryFile::identity)))
        .stream();
  }

  private Optional<String> textOf(int trial, String name) {
    return fileOf(trial, name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Removes the models of a trial. */
  public void deleteModel(int trial, int folds) {
    deleteInRuns(trial, folds, MODEL);
  }

  /** Removes the checkpoints of a trial: nothing goes on from there any more. */
  public void deleteCheckpoints(int trial, int folds) {
    deleteInRuns(trial, folds, "checkpoints");
  }

  /** The record says why they are gone before they are. */
  private void deleteInRuns(int trial, int folds, String name) {
    journal().settle();
    writing(
        RUNS,
        () -> {
          files().delete(new Path(runOf(trial), name), true);
          for (int fold = 1; fold <= folds; fold++) {
            files().delete(new Path(runOf(trial, fold), name), true);
          }
        });
  }
}
