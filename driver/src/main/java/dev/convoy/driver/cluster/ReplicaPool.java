package dev.convoy.driver.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/**
 * Idle networks on an executor, by owner. One whose owner has been released is closed when its task
 * ends, never kept. Thread-safe.
 *
 * @param <T> a network
 */
final class ReplicaPool<T> {
  private final Map<Long, Deque<T>> waiting = new HashMap<>();
  private final LongPredicate isReleased;
  private final Consumer<T> close;

  /**
   * An empty pool.
   *
   * @param isReleased whether an owner has gone for good
   */
  ReplicaPool(LongPredicate isReleased, Consumer<T> close) {
    this.isReleased = isReleased;
    this.close = close;
  }

  /** Something to do with a network. */
  interface Work<T, R> {
    R apply(T network) throws Exception;
  }

  /** Runs work with an idle network, or with a new one; closes the network if the work fails. */
  <R> R with(long owner, Supplier<T> create, Work<T, R> work) throws Exception {
    T waited = take(owner);
    T network = waited == null ? create.get() : waited;
    boolean kept = false;
    try {
      R result = work.apply(network);
      kept = keep(owner, network);
      return result;
    } finally {
      if (!kept) {
        close.accept(network);
      }
    }
  }

  private synchronized T take(long owner) {
    Deque<T> idle = waiting.get(owner);
    return idle == null ? null : idle.pollFirst();
  }

  private synchronized boolean keep(long owner, T network) {
    if (isReleased.test(owner)) {
      return false;
    }
    waiting.computeIfAbsent(owner, ignored -> new ArrayDeque<>()).addFirst(network);
    return true;
  }

  /** Closes those whose owner has been released. */
  void closeReleased() {
    List<T> closing = new ArrayList<>();
    synchronized (this) {
      waiting
          .entrySet()
          .removeIf(entry -> isReleased.test(entry.getKey()) && closing.addAll(entry.getValue()));
    }
    closing.forEach(close);
  }
}
