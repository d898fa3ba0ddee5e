package dev.convoy.data;

import java.util.concurrent.CancellationException;

/**
 * Whether work in this JVM is to end because the process does. What takes long asks between two
 * batches or images, so that threads of a process that is ending leave the cores to those that
 * clean up. Thread-safe.
 */
public final class Cancellation {
  private static volatile boolean requested;

  private Cancellation() {}

  /** Asks all work to end. */
  public static void request() {
    requested = true;
  }

  /** Lets work go on, in a JVM that stays. */
  public static void withdraw() {
    requested = false;
  }

  /** Whether work is to end. */
  public static boolean isRequested() {
    return requested;
  }

  /**
   * Ends the work of the calling thread where it is to end.
   *
   * @throws CancellationException if it is
   */
  public static void check() {
    if (requested) {
      throw new CancellationException("The process is ending.");
    }
  }
}
