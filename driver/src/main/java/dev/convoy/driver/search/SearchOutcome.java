package dev.convoy.driver.search;

import java.util.Optional;

/**
 * How a search ended.
 *
 * @param status why
 * @param best the winner; empty if no trial has a metric
 */
record SearchOutcome(Status status, Optional<TrialEvent> best) {

  /** Why a search ended. */
  enum Status {
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
    String key() {
      return key;
    }
  }
}
