package dev.convoy.driver.directory;

import dev.convoy.data.Text;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How long a process waits for a directory that another one has. A cluster manager that starts a
 * lost driver anew does so within seconds, on another machine, where nobody knows yet that the
 * first one has ended: its lock has to run out.
 *
 * @param limit zero: not at all
 * @param pause between two attempts
 */
record LockWait(Duration limit, Duration pause) {
  /** A property of the JVM, in seconds; the submit scripts set it for drivers in a cluster. */
  static final String PROPERTY = "convoy.lock-wait";

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** Of this process; not at all where nobody says so. */
  static LockWait ofThisProcess() {
    return new LockWait(Duration.ofSeconds(Math.max(0, Integer.getInteger(PROPERTY, 0))), PAUSE);
  }

  /**
   * Tries until the directory is free, or the time is over.
   *
   * @throws DirectoryInUseException the last attempt's
   */
  <T> T acquire(Supplier<T> attempt) {
    long end = System.nanoTime() + limit.toNanos();
    boolean said = false;
    while (true) {
      try {
        return attempt.get();
      } catch (DirectoryInUseException e) {
        if (System.nanoTime() >= end) {
          throw e;
        }
        if (!said) {
          System.err.println(
              Text.of("waiting for up to %d s: %s", limit.toSeconds(), e.getMessage()));
          said = true;
        }
        rest(e);
      }
    }
  }

  private void rest(DirectoryInUseException reason) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw reason;
    }
  }
}
