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
 * Idle networks on an executor, by owner and device. One whose owner has been released is closed
 * when its task ends, never kept. Thread-safe.
 *
 * @param <T> a network
 */
final class ReplicaPool<T> {
  private final Map<Key, Deque<T>> waiting = new HashMap<>();
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

  /**
   * Whose a network is, and where.
   *
   * @param device the address of a GPU; empty for the CPU
   */
  record Key(long owner, String device) {}

  /** Something to do with a network. */
  interface Work<T, R> {
    R apply(T network) throws Exception;
  }

  /** Runs work with an idle network, or with a new one; closes the network if the work fails. */
  <R> R with(Key key, Supplier<T> create, Work<T, R> work) throws Exception {
    T waited = take(key);
    T network = waited == null ? create.get() : waited;
    boolean kept = false;
    try {
      R result = work.apply(network);
      kept = keep(key, network);
      return result;
    } finally {
      if (!kept) {
        close.accept(network);
      }
    }
  }

  private synchronized T take(Key key) {
    Deque<T> idle = waiting.get(key);
    return idle == null ? null : idle.pollFirst();
  }

  private synchronized boolean keep(Key key, T network) {
    if (isReleased.test(key.owner())) {
      return false;
    }
    waiting.computeIfAbsent(key, ignored -> new ArrayDeque<>()).addFirst(network);
    return true;
  }

  /** Closes those whose owner has been released. */
  void closeReleased() {
    List<T> closing = new ArrayList<>();
    synchronized (this) {
      waiting
          .entrySet()
          .removeIf(
              entry -> isReleased.test(entry.getKey().owner()) && closing.addAll(entry.getValue()));
    }
    closing.forEach(close);
  }
}
