package dev.convoy.worker.schedule;

/** Counts periods that have passed, such as cycles of a schedule. */
final class Periods {
  /**
   * What a number of periods may lack to be whole: above the rounding of epochs that are divided,
   * below a step.
   */
  static final double ROUNDING = 1e-9;

  private Periods() {}

  /**
   * How many have passed whole.
   *
   * @param periods at least 0, with its rounding
   */
  static double whole(double periods) {
    return Math.floor(periods + ROUNDING);
  }

  /** How much of the period that has begun has passed, from 0 to below 1. */
  static double partial(double periods) {
    return Math.max(0, periods - whole(periods));
  }
}
