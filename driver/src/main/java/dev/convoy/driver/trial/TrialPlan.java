package dev.convoy.driver.trial;

import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.state.EarlyStopping;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What trials there are, and what each of them is. Used by several threads. */
public interface TrialPlan {
  /** What a trial is called in messages and in its record. */
  String noun();

  /** What trials are compared by. */
  EarlyStopping.Metric metric();

  /** When no more is begun. */
  Limits limits();

  /** Makes a trial, a function of its number and perhaps of earlier results. */
  Trial trial(int number, TrialHistory earlier);

  /** How many workers a trial needs at once. */
  int workers(Trial trial);

  /** The runs of a trial: one, or one for every fold of a cross-validation. */
  List<RunConfiguration> runs(Trial trial);

  /** Whether images that cannot be used are a trial's own failure, rather than that of all. */
  boolean differInData();

  /**
   * When no more is begun, whichever comes first.
   *
   * @param trials in all
   * @param maxSeconds over all attempts; infinite for no limit
   * @param maxEpochs of all trials together; empty for no limit
   * @param target of the metric; empty for none
   * @param runsPerTrial at least 1
   * @param retries how often a trial that crashed is tried again, at least 0
   */
  record Limits(
      int trials,
      double maxSeconds,
      OptionalInt maxEpochs,
      OptionalDouble target,
      int runsPerTrial,
      int retries) {}
}
