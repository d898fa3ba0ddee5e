package dev.convoy.worker.cuda.device;

import dev.convoy.worker.cuda.api.Driver;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A card's context, in which all sessions of this process compute, and the modules that are loaded
 * into it. Thread-safe.
 *
 * <p>It is retained once and never released. The driver resets a primary context when its last user
 * releases it, and takes away what cuDNN and cuBLAS keep of it for the whole process; the next
 * session would compile all kernels again. Both end with the process.
 *
 * <p>A call that waits for the whole context invalidates every capture of work in it, whichever
 * thread captures. Opening and closing a handle of cuDNN or cuBLAS is such a call, and loading code
 * may be one. Such calls and captures therefore exclude each other.
 */
public final class CardContext {
  private final Driver driver;
  private final int ordinal;
  private final ReadWriteLock captures = new ReentrantReadWriteLock();
  private OptionalLong handle = OptionalLong.empty();
  private Optional<List<Long>> modules = Optional.empty();

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
   * The driver's handle of the context.
   *
   * @param retain retains it, if that was not done yet
   */
  public synchronized long handle(LongSupplier retain) {
    if (handle.isEmpty()) {
      handle = OptionalLong.of(retain.getAsLong());
    }
    return handle.getAsLong();
  }

  /**
   * The driver's handles of the modules in the context, which must be the calling thread's.
   *
   * @param load loads them all, if that was not done yet
   */
  public synchronized List<Long> modules(Supplier<List<Long>> load) {
    if (modules.isEmpty()) {
      modules = Optional.of(List.copyOf(load.get()));
    }
    return modules.get();
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
