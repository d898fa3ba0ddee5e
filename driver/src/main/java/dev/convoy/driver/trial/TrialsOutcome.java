package dev.convoy.driver.trial;

import dev.convoy.data.component.ValueType;
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
    COMPLETED,
    /** The time was used up. */
    TIME_LIMIT,
    /** The epochs were used up. */
    EPOCH_LIMIT,
    /** A trial is good enough. */
    TARGET_REACHED;

    /** The name in summary.json. */
    public String key() {
      return ValueType.nameOf(this);
    }
  }
}
