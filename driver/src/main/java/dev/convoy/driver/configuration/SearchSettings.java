package dev.convoy.driver.configuration;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.driver.state.EarlyStopping;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The validated search block: how a space is searched, not the space.
 *
 * @param seed decides every sample
 * @param metric what is compared
 * @param sampling where trials are taken from
 * @param where constraints, as expressions over keys
 * @param termination the rule by which trials end early
 * @param budget when the search ends
 * @param slots what runs at once
 * @param folds of the cross-validation of every trial; empty for one validation set
 * @param retries how often a trial that crashed is tried again, at least 0
 * @param ending what is left
 */
public record SearchSettings(
    long seed,
    EarlyStopping.Metric metric,
    Sampling sampling,
    List<String> where,
    ComponentSettings termination,
    Budget budget,
    Slots slots,
    OptionalInt folds,
    int retries,
    Ending ending) {

  /** Whether a search that has ended with other settings has something left to do with these. */
  public boolean goOnFrom(SearchSettings ended) {
    Budget before = ended.budget;
    return budget.trials.orElse(Integer.MAX_VALUE) > before.trials.orElse(Integer.MAX_VALUE)
        || hasMoreTimeThan(ended)
        || hasMoreEpochsThan(ended)
        || hasHarderTargetThan(ended)
        || ending.refit != ended.ending.refit;
  }

  /** Whether there is more time than with others. */
  public boolean hasMoreTimeThan(SearchSettings others) {
    return budget.maxSeconds > others.budget.maxSeconds;
  }

  /** Whether there are more epochs than with others. */
  public boolean hasMoreEpochsThan(SearchSettings others) {
    return budget.maxEpochs.orElse(Integer.MAX_VALUE)
        > others.budget.maxEpochs.orElse(Integer.MAX_VALUE);
  }

  /** Whether the target is farther than with others, or there is none any more. */
  public boolean hasHarderTargetThan(SearchSettings others) {
    return targetLoss() < others.targetLoss();
  }

  private double targetLoss() {
    return budget.target.isEmpty()
        ? Double.NEGATIVE_INFINITY
        : metric.asLoss(budget.target.getAsDouble());
  }

  /**
   * Where trials are taken from.
   *
   * @param method random, sobol, grid or coarse-to-fine
   * @param gridPoints of a range in a grid, at least 1
   * @param stageTrials trials of a stage of coarse-to-fine, at least 1
   * @param shrink the least share of a range that the next stage keeps, in (0, 1]
   * @param best trials that the next stage's box is drawn around, at least 1
   */
  public record Sampling(String method, int gridPoints, int stageTrials, double shrink, int best) {}

  /**
   * When the search ends, whichever comes first.
   *
   * @param trials that are begun; empty for no limit
   * @param maxSeconds over all attempts; infinite for no limit
   * @param maxEpochs of all trials together; empty for no limit
   * @param target of the metric; empty for none
   */
  public record Budget(
      OptionalInt trials, double maxSeconds, OptionalInt maxEpochs, OptionalDouble target) {}

  /**
   * What runs at once.
   *
   * @param workersPerTrial empty for the experiment's own
   * @param parallelTrials empty for as many as the executors have room for
   */
  public record Slots(OptionalInt workersPerTrial, OptionalInt parallelTrials) {}

  /** What is done with the winner. */
  public enum Refit {
    /** Nothing. */
    OFF,
    /** It is trained on training and validation images, for the epochs that were its best. */
    ALL_IMAGES,
    /** Its model is tested as it is. */
    AS_IS
  }

  /**
   * What is left.
   *
   * @param keepModels how many of the best trials keep their model, at least 0
   * @param refit what is done with the winner
   */
  public record Ending(int keepModels, Refit refit) {}
}
