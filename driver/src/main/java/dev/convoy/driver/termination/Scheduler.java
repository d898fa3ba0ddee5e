package dev.convoy.driver.termination;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Decides which trial goes on, and until when: a state machine whose state follows from the
 * recorded events, so that replaying them resumes it after the driver was killed. Used by one
 * thread, where nothing else is said.
 */
public interface Scheduler {
  /**
   * Where trials end.
   *
   * @param trials that may begin in all; a bracket that does not fit in whole does not begin
   * @param isFirstOfStage of a trial, whether all before it must have ended before it is sampled
   */
  record Limits(int trials, IntPredicate isFirstOfStage) {
    /** So many, and no stages. */
    public static Limits of(int trials) {
      return new Limits(trials, trial -> false);
    }
  }

  /** The next assignment, the same until it has begun; empty while running ones must end first. */
  Optional<Assignment> next();

  /** An assignment has begun. */
  void begun(Assignment assignment);

  /** An assignment has ended. */
  void ended(Assignment assignment, RungResult standing);

  /** An assignment was interrupted and is to begin again. */
  void returned(Assignment assignment);

  /** The trials of which it is known since this was asked before that they never go on. */
  default List<Integer> takeLeftBehind() {
    return List.of();
  }

  /**
   * The most epochs that assignments need which have begun and not ended, those that were returned
   * too; without those that the next assignment commits to.
   */
  long outstandingEpochs();

  /** Takes in a trial's curve so far. Thread-safe. */
  default void learn(int trial, List<CurvePoint> curve) {}

  /** Takes in the curve so far of a trial that is running; whether it ends. Thread-safe. */
  default boolean ends(int trial, List<CurvePoint> curve) {
    return false;
  }
}
