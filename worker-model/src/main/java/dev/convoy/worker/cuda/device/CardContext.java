package dev.convoy.worker.cuda.device;

import dev.convoy.worker.cuda.api.Driver;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A card's context, in which all sessions of this process compute. Thread-safe.
 *
 * <p>A call that waits for the whole context invalidates every capture of work in it, whichever
 * thread captures. Opening and closing a handle of cuDNN or cuBLAS is such a call, and loading code
 * may be one. Such calls and captures therefore exclude each other.
 */
public final class CardContext {
  private final Driver driver;
  private final int ordinal;
  private final ReadWriteLock captures = new ReentrantReadWriteLock();

  /**
   * The context of a card; there may be only one object for each card in a process.
   *
   * @param driver after {@code cuInit}, or before it
   * @param ordinal of the card among those that the process may see
   */
  public CardContext(Driver driver, int ordinal) {
    this.driver = driver;
    this.ordinal = ordinal;
  }

  /** NVIDIA's driver. */
  public Driver driver() {
    return driver;
  }

  /** CUDA's number of the card in this process, from 0 on. */
  public int ordinal() {
    return ordinal;
  }

  /**
   * Does what may wait for the whole context, while nobody else captures work. Several threads may
   * do so at a time.
   */
  public void outsideCaptures(Runnable work) {
    locked(
        captures.readLock(),
        () -> {
          work.run();
          return null;
        });
  }

  /** Captures work, while nobody else captures or does what may wait for the whole context. */
  public <T> T capturing(Supplier<T> capture) {
    return locked(captures.writeLock(), capture);
  }

  private static <T> T locked(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
