package dev.convoy.driver.search;

import dev.convoy.driver.state.TrainingState;
import java.util.Arrays;

/** Where a trial stands, as trials.jsonl and leaderboard.csv say it. */
enum TrialState {
  /** A piece of work has begun. */
  RUNNING("running", false),
  /** It waits at a rung, and is not among those that go on, or not yet. */
  PAUSED("paused", false),
  /** The search ended while it ran: it goes on when the search does. */
  INTERRUPTED("interrupted", false),
  /** It failed and is tried again. */
  CRASHED("crashed", false),
  /** All its epochs were trained. */
  COMPLETED("completed", true),
  /** Its own early stopping ended it. */
  EARLY_STOPPED("early-stopped", true),
  /** Its own time was used up. */
  TIME_LIMIT("time-limit", true),
  /** The search ended it early. */
  STOPPED("stopped", true),
  /** Its loss is no longer a number. */
  DIVERGED("diverged", true),
  /** It crashed in all its attempts. */
  FAILED("failed", true);

  private final String key;
  private final boolean isFinal;

  TrialState(String key, boolean isFinal) {
    this.key = key;
    this.isFinal = isFinal;
  }

  String key() {
    return key;
  }

  /** Whether nothing more is trained. */
  boolean isFinal() {
    return isFinal;
  }

  static TrialState of(String key) {
    return Arrays.stream(values())
        .filter(state -> state.key.equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No state of a trial: " + key));
  }

  /** Of a run that has ended, or was suspended at a rung. */
  static TrialState of(TrainingState.Status status) {
    return status == TrainingState.Status.RUNNING ? PAUSED : of(status.key());
  }
}
