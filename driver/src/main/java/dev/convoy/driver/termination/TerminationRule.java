package dev.convoy.driver.termination;

import dev.convoy.data.component.Option;
import dev.convoy.driver.state.EarlyStopping;

/** Which trials of a search end before their last epoch. Immutable. */
public interface TerminationRule {
  /** An option of every rule that ends trials. */
  Option<Integer> MIN_EPOCHS =
      Option.wholeNumber("min-epochs", 1, 1, 1_000_000, "epochs that every trial is given");

  /**
   * What decides over the trials of one search.
   *
   * @param maxEpochs the most of any trial
   * @param metric by which trials are compared
   */
  Scheduler scheduler(int maxEpochs, Scheduler.Limits limits, EarlyStopping.Metric metric);

  /** The numbers of epochs at which trials pause to be compared; the last is their end. */
  default Rungs rungs(int maxEpochs) {
    return Rungs.none(maxEpochs);
  }

  /** Epochs after which a trial may end for the first time. */
  default int firstComparison(int maxEpochs) {
    return rungs(maxEpochs).epochs().get(0);
  }

  /** Trials without which none begins, at least 1. */
  default int firstBracket(int maxEpochs) {
    return 1;
  }

  /**
   * How many of so many trials begin: those of whole brackets.
   *
   * @param maxEpochs the most of any trial
   */
  default int begun(int maxEpochs, int trials) {
    return trials;
  }

  /** Whether trials pause at rungs. */
  default boolean pausesTrials() {
    return false;
  }

  /** Whether a trial that is paused when the search ends may go on when the search is extended. */
  default boolean resumesPausedTrials() {
    return false;
  }

  /** Whether trials are compared while they run, which needs one run for each. */
  default boolean comparesCurves() {
    return false;
  }
}
