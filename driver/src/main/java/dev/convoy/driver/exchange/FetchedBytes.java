package dev.convoy.driver.exchange;

/** Counts what a thread has fetched from other executors' block managers. */
public final class FetchedBytes {
  private static final ThreadLocal<Long> COUNT = ThreadLocal.withInitial(() -> 0L);

  private FetchedBytes() {}

  /** Bytes that this thread has fetched since it began. */
  public static long ofThisThread() {
    return COUNT.get();
  }

  static void add(long bytes) {
    COUNT.set(COUNT.get() + bytes);
  }
}
