package dev.convoy.driver.averaging;

/**
 * What a task of a round cost besides training. A plain class, because it crosses the wire; made on
 * executors.
 */
public final class TaskCost {
  private final String executor;
  private final long startNanos;
  private final long sendNanos;
  private final long bytesIn;

  /**
   * A cost.
   *
   * @param executor that ran the task
   * @param startNanos until it had what the round begins with, in nanoseconds
   * @param sendNanos for compressing its result and keeping it for others, in nanoseconds
   * @param bytesIn that it fetched from other executors
   */
  public TaskCost(String executor, long startNanos, long sendNanos, long bytesIn) {
    this.executor = executor;
    this.startNanos = startNanos;
    this.sendNanos = sendNanos;
    this.bytesIn = bytesIn;
  }

  /** Who ran the task. */
  public String executor() {
    return executor;
  }

  long startNanos() {
    return startNanos;
  }

  long sendNanos() {
    return sendNanos;
  }

  long bytesIn() {
    return bytesIn;
  }
}
