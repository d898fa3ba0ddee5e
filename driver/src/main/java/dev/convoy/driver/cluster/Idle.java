package dev.convoy.driver.cluster;

import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Networks that wait for the next task, by the run that they belong to. Thread-safe.
 *
 * @param <T> what waits
 */
final class Idle<T> {
  private final Map<String, Deque<T>> waiting = new ConcurrentHashMap<>();
  private final Consumer<T> close;

  Idle(Consumer<T> close) {
    this.close = close;
  }

  /** Something to do with what waited. */
  interface Work<T, R> {
    R apply(T network) throws Exception;
  }

  /** Does work with one that waits, or a new one; it is closed if the work fails. */
  <R> R with(String run, Supplier<T> create, Work<T, R> work) throws Exception {
    Deque<T> idle = waiting.get(run);
    T waited = idle == null ? null : idle.pollFirst();
    T network = waited == null ? create.get() : waited;
    boolean done = false;
    try {
      R result = work.apply(network);
      done = true;
      return result;
    } finally {
      if (done) {
        waiting.computeIfAbsent(run, ignored -> new ConcurrentLinkedDeque<>()).addFirst(network);
      } else {
        close.accept(network);
      }
    }
  }

  /** Closes those of a run. */
  void release(String run) {
    Deque<T> idle = waiting.remove(run);
    if (idle != null) {
      idle.forEach(close);
    }
  }
}
