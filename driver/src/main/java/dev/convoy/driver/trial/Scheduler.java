package dev.convoy.driver.trial;

import java.util.Optional;

/**
 * Decides which trial goes on, and until when: a state machine that is told what was recorded. Told
 * the same again, it is in the same state: that is how trials go on after its driver was killed.
 * Used by one thread.
 */
public interface Scheduler {
  /** What may begin now; the same until it has begun, empty if what runs must end first. */
  Optional<Assignment> next();

  /** A piece of work has begun. */
  void begun(Assignment assignment);

  /** A piece of work has ended. */
  void ended(Assignment assignment, RungResult standing);

  /** A piece of work was broken off, and is to begin again. */
  void returned(Assignment assignment);

  /** How many epochs, at most, what has begun still needs. */
  long outstandingEpochs();
}
