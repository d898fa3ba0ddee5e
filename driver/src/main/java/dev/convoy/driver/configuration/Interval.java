package dev.convoy.driver.configuration;

/**
 * How often something happens.
 *
 * @param count of units, at least 1
 * @param unit what is counted
 */
public record Interval(long count, Unit unit) {
  /** What an interval counts. */
  public enum Unit {
    /** Rounds: from one averaging to the next. */
    ROUNDS,
    /** Passes over the training data. */
    EPOCHS,
    /** Seconds of training. */
    SECONDS
  }
}
