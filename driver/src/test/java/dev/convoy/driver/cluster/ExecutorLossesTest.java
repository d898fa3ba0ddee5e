package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.report.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.junit.jupiter.api.Test;

class ExecutorLossesTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Progress progress =
      new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false);

  @Test
  void aLostExecutorIsNamedWithWhatIsLeft() {
    lose(2, "node-7", "Command exited with code 137\nand more");
    lose(1, "node-7", "Remote RPC client disassociated.");
    lose(3, "node-7", "\nThe executor with id 4 exited with exit code 143(SIGTERM).\n\n");
    lose(0, "", "");
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "executor 4 on node-7 lost (Command exited with code 137), going on with 2 executors",
            "executor 4 on node-7 lost (Remote RPC client disassociated), going on with 1 executor",
            "executor 4 on node-7 lost (The executor with id 4 exited with exit code 143(SIGTERM)),"
                + " going on with 3 executors",
            "executor 4 lost (no reason given), none is left: waiting for another");
  }

  @Test
  void executorsThatAreGivenBackAreNotLost() {
    lose(2, "node-7", "Executor killed by driver.");
    ExecutorLosses losses = losses(2, "node-7");
    losses.end();
    losses.onExecutorRemoved(new SparkListenerExecutorRemoved(1, "4", "Command exited"));
    assertThat(said.size()).isZero();
  }

  private void lose(int left, String host, String reason) {
    losses(left, host).onExecutorRemoved(new SparkListenerExecutorRemoved(1, "4", reason));
  }

  private ExecutorLosses losses(int left, String host) {
    return new ExecutorLosses(progress, executor -> host, () -> left);
  }
}
