package dev.convoy.data.batch;

import dev.convoy.data.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** A loop whose turns depend on nothing but their number, on the threads of one pool of the JVM. */
final class ParallelLoop {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private static final ExecutorService POOL =
      Executors.newFixedThreadPool(THREADS, DaemonThreads.named("convoy-batch-decoder"));

  private ParallelLoop() {}

  /**
   * Runs turns 0 to {@code count - 1}, in any order. When it returns, or throws, no turn is under
   * way any more.
   *
   * @throws InterruptedException when the calling thread was interrupted; turns may be left out
   * @throws RuntimeException what a turn threw; turns may be left out
   */
  static void run(int count, IntConsumer turn) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> threads = new ArrayList<>();
    for (int i = 0; i < Math.min(count, THREADS); i++) {
      threads.add(
          POOL.submit(
              () -> {
                for (int at = next.getAndIncrement(); at < count; at = next.getAndIncrement()) {
                  turn.accept(at);
                }
              }));
    }
    InterruptedException interruption = null;
    Throwable failure = null;
    for (Future<?> thread : threads) {
      boolean done = false;
      while (!done) {
        try {
          thread.get();
          done = true;
        } catch (InterruptedException e) {
          interruption = e;
          next.set(count);
        } catch (ExecutionException e) {
          failure = e.getCause();
          next.set(count);
          done = true;
        }
      }
    }
    if (interruption != null) {
      throw interruption;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
  }
}
