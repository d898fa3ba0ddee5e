package dev.convoy.data.shard;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of heap the shards of one JVM may hold together. Thread-safe. */
public final class MemoryBudget {
  private final AtomicLong available;

  /** A budget of {@code bytes}, 0 or more; with 0 every shard lives on disk. */
  public MemoryBudget(long bytes) {
    available = new AtomicLong(requireBytes(bytes));
  }

  /** Takes {@code bytes} out of the budget, or returns false and takes nothing. */
  public boolean tryReserve(long bytes) {
    requireBytes(bytes);
    long before = available.get();
    while (before >= bytes) {
      if (available.compareAndSet(before, before - bytes)) {
        return true;
      }
      before = available.get();
    }
    return false;
  }

  /** Gives {@code bytes} back that were reserved before. */
  public void release(long bytes) {
    available.addAndGet(requireBytes(bytes));
  }

  /** Bytes that could be reserved at this moment. */
  public long availableBytes() {
    return available.get();
  }

  private static long requireBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "Cannot budget memory: expected 0 bytes or more, found " + bytes + ".");
    }
    return bytes;
  }
}
