package dev.convoy.driver.averaging;

/** Where workers' results are averaged. What they come to is the same, bit for bit. */
public enum AveragingRoute {
  /** On executors where a worker's result is large. */
  AUTO,
  /** On the driver, which takes in every worker's whole result. */
  DRIVER,
  /** On executors, slice by slice. */
  EXECUTORS;

  private static final long LARGE = 16L << 20;

  /**
   * Whether it is on executors.
   *
   * @param bytes of a worker's result
   */
  public boolean isOnExecutors(long bytes) {
    return this == EXECUTORS || (this == AUTO && bytes >= LARGE);
  }
}
