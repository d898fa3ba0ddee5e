package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import dev.convoy.driver.report.Progress;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** Reports lost executors, and how many are left. Driver only. */
final class ExecutorLosses extends SparkListener {
  /** Spark's reason for executors that it gives back itself. */
  private static final String GIVEN_BACK = "killed by driver";

  private final Progress progress;
  private final UnaryOperator<String> host;
  private final IntSupplier left;
  private volatile boolean ended;

  /**
   * Says it.
   *
   * @param host of the executor with an id; empty if it is not known
   * @param left how many executors there are now
   */
  ExecutorLosses(Progress progress, UnaryOperator<String> host, IntSupplier left) {
    this.progress = progress;
    this.host = host;
    this.left = left;
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    if (!ended && !removed.reason().contains(GIVEN_BACK)) {
      progress.say(
          message(
              removed.executorId(),
              host.apply(removed.executorId()),
              removed.reason(),
              left.getAsInt()));
    }
  }

  /** Ends the reports: executors that are lost from now on go with the application. */
  void end() {
    ended = true;
  }

  private static String message(String executor, String host, String reason, int left) {
    // On Kubernetes the first line is empty.
    String cause =
        reason
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .findFirst()
            .orElse("")
            .replaceAll("\\.$", "");
    return Text.of(
        "executor %s%s lost (%s), %s",
        executor,
        host.isEmpty() ? "" : " on " + host,
        cause.isEmpty() ? "no reason given" : cause,
        left == 0
            ? "none is left: waiting for another"
            : "going on with " + left + (left == 1 ? " executor" : " executors"));
  }
}
