package dev.convoy.driver.trial;

import java.util.Optional;

/**
 * How trials ended.
 *
 * @param status why
 * @param best of the trials; empty if no trial has a metric
 */
public record TrialsOutcome(Status status, Optional<TrialEvent> best) {

  /** Why no more was begun. */
  public enum Status {
    /** Every trial has come to its end. */
    COMPLETED("completed"),
    /** The time was used up. */
    TIME_LIMIT("time-limit"),
    /** The epochs were used up. */
    EPOCH_LIMIT("epoch-limit"),
    /** A trial is good enough. */
    TARGET("target-reached");

    private final String key;

    Status(String key) {
      this.key = key;
    }

    /** The name in summary.json. */
    public String key() {
      return key;
    }
  }
}
