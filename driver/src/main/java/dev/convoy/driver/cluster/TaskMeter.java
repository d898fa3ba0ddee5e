package dev.convoy.driver.cluster;

import dev.convoy.driver.averaging.TaskCost;
import dev.convoy.driver.exchange.FetchedBytes;
import org.apache.spark.SparkEnv;

/** Measures what a task costs besides training. Runs on executors; used by the task's thread. */
final class TaskMeter {
  private final long fetchedBefore = FetchedBytes.ofThisThread();
  private final long begun = System.nanoTime();
  private long started = begun;
  private long trained = begun;

  /** The task has what the round begins with. */
  void hasStart() {
    started = System.nanoTime();
    trained = started;
  }

  /** The task has trained. */
  void hasTrained() {
    trained = System.nanoTime();
  }

  /** The task is done. */
  TaskCost cost() {
    return new TaskCost(
        SparkEnv.get().executorId(),
        started - begun,
        System.nanoTime() - trained,
        FetchedBytes.ofThisThread() - fetchedBefore);
  }
}
