package dev.convoy.driver.trial;

import dev.convoy.data.component.ValueType;
import dev.convoy.driver.state.TrainingState;
import java.util.Arrays;

/** Where a trial stands, as its record says it. */
public enum TrialState {
  /** A piece of work has begun. */
  RUNNING(false),
  /** It waits at a rung, and is not among those that go on, or not yet. */
  PAUSED(false),
  /** All was suspended while it ran: it goes on when the others do. */
  INTERRUPTED(false),
  /** It failed and is tried again. */
  CRASHED(false),
  /** All its epochs were trained. */
  COMPLETED(true),
  /** Its own early stopping ended it. */
  EARLY_STOPPED(true),
  /** Its own time was used up. */
  TIME_LIMIT(true),
  /** It was ended early, being worse than others. */
  STOPPED(true),
  /** Its loss is no longer a number. */
  DIVERGED(true),
  /** It crashed in all its attempts. */
  FAILED(true);

  private final boolean isFinal;

  TrialState(boolean isFinal) {
    this.isFinal = isFinal;
  }

  /** The name in files. */
  public String key() {
    return ValueType.nameOf(this);
  }

  /** Whether nothing more is trained. */
  public boolean isFinal() {
    return isFinal;
  }

  static TrialState of(String key) {
    return Arrays.stream(values())
        .filter(state -> state.key().equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No state of a trial: " + key));
  }

  /** Of a run that has ended, or was suspended at a rung. */
  public static TrialState of(TrainingState.Status status) {
    return status == TrainingState.Status.RUNNING ? PAUSED : of(status.key());
  }
}
