package dev.convoy.driver.trial;

import java.util.Optional;

/**
 * Decides which trial goes on, and until when: a state machine whose state follows from the
 * recorded events, so that replaying them resumes it after the driver was killed. Used by one
 * thread.
 */
public interface Scheduler {
  /** The next assignment, the same until it has begun; empty while running ones must end first. */
  Optional<Assignment> next();

  /** An assignment has begun. */
  void begun(Assignment assignment);

  /** An assignment has ended. */
  void ended(Assignment assignment, RungResult standing);

  /** An assignment was interrupted and is to begin again. */
  void returned(Assignment assignment);

  /** The most epochs that assignments that have begun still need. */
  long outstandingEpochs();
}
