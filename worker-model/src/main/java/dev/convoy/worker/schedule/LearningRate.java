package dev.convoy.worker.schedule;

/**
 * The learning rate of every step of a run. A step is one batch on every worker; all workers count
 * the same steps, so the rate is the same on all of them.
 *
 * @param configured the rate that the schedule scales, above 0
 * @param schedule how it changes
 * @param stepsPerEpoch at least 1
 * @param totalEpochs in the run when nothing stops it early, at least 1
 */
public record LearningRate(
    double configured, Schedule schedule, long stepsPerEpoch, int totalEpochs) {
  /** Epochs before a step, counted from 0 over the whole run. */
  public double epochs(long step) {
    return step / (double) stepsPerEpoch;
  }

  /**
   * The mean rate of steps one after the other; exactly the rate where that stays the same.
   *
   * @param first of them, counted from 0 over the whole run
   * @param steps how many, at least 1
   */
  public double mean(long first, long steps) {
    double rate = at(first);
    double differences = 0;
    for (long step = first + 1; step < first + steps; step++) {
      differences += at(step) - rate;
    }
    return rate + differences / steps;
  }

  /** The rate of a step, counted from 0 over the whole run. */
  public double at(long step) {
    return configured * schedule.factor(epochs(step), totalEpochs);
  }
}
