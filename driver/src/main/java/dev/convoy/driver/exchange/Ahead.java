package dev.convoy.driver.exchange;

import dev.convoy.data.DaemonThreads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Fetches what a task needs a few pieces ahead of their use, so that it does not wait for each of
 * them in turn; they are used in order, by the task's own thread. Runs on executors.
 */
public final class Ahead {
  /** Pieces under way at once: enough for a network's latency, and few in memory. */
  private static final int PIECES = 4;

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(DaemonThreads.named("convoy-fetch"));

  private Ahead() {}

  /**
   * Uses a piece.
   *
   * @param <T> of a piece
   */
  @FunctionalInterface
  public interface Use<T> {
    /** Takes the next one. */
    void accept(int index, T piece);
  }

  /** What was fetched, and how many bytes of it came from elsewhere. */
  private record Fetched<T>(T piece, long bytes) {
    static <T> Fetched<T> of(IntFunction<T> fetch, int index) {
      long before = FetchedBytes.ofThisThread();
      T piece = fetch.apply(index);
      return new Fetched<>(piece, FetchedBytes.ofThisThread() - before);
    }
  }

  /**
   * Fetches pieces 0 to {@code count} − 1 and uses them in this order.
   *
   * @param fetch of a piece, on another thread; what it throws is thrown here
   */
  public static <T> void forEach(int count, IntFunction<T> fetch, Use<T> use) {
    Deque<Future<Fetched<T>>> underWay = new ArrayDeque<>();
    try {
      int begun = 0;
      for (int next = 0; next < count; next++) {
        while (begun < Math.min(count, next + PIECES)) {
          int index = begun++;
          underWay.add(THREADS.submit(() -> Fetched.of(fetch, index)));
        }
        Fetched<T> fetched = underWay.remove().get();
        FetchedBytes.add(fetched.bytes());
        use.accept(next, fetched.piece());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The task was ended while it fetched", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      underWay.forEach(left -> left.cancel(false));
    }
  }
}
