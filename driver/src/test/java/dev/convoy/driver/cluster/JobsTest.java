package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.report.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsTest {
  private static final ShardCache.Key UNRELATED = new ShardCache.Key(Long.MAX_VALUE, 0);

  /** Tasks run in this process, and are copies of what was sent. */
  private static final AtomicInteger TRIES = new AtomicInteger();

  @TempDir static Path shared;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        SparkCluster.start(
            Experiments.small(
                shared, "spark.master=\"local[2]\"", "spark.conf.spark.default.parallelism=\"7\""),
            Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void whatATaskThrowsSaysWhoIsToBlame() throws Exception {
    assertThatThrownBy(() -> run(element -> fail(new NetworkException("too large", null))))
        .isInstanceOf(NetworkException.class)
        .hasMessage("too large");
    assertThatThrownBy(() -> run(element -> fail(new DataException("gone"))))
        .isInstanceOf(DataException.class)
        .hasMessage("gone");
    assertThatThrownBy(() -> run(element -> fail(new IOException("no route"))))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot finish the work on executors: java.io.IOException: no route."
                + " CONVOY_LOG_LEVEL=WARN shows every attempt.");
  }

  /** As when the connection to a store ends in the middle of a file. */
  @Test
  void aTaskThatFailsIsTriedAgain() {
    TRIES.set(0);
    assertThatCode(
            () ->
                run(
                    element ->
                        TRIES.incrementAndGet() < 3 ? fail(new IOException("torn")) : element))
        .doesNotThrowAnyException();
    assertThat(TRIES).hasValue(3);
  }

  @Test
  void slotsAreCoresAndNotTheUsersDefaultOfPartitions() {
    assertThat(cluster.slots()).isEqualTo(2);
    assertThat(cluster.executors()).isEqualTo(1);
  }

  /** Not only by a task that was sent to free it, which may not reach every executor. */
  @Test
  void whatAnOwnerLeavesIsFreedByTheNextTaskOfAnother() throws Exception {
    ShardCache.Key key = new ShardCache.Key(Owners.add(), 0);
    assertThat(ExecutorState.get().targets(key, () -> new float[] {1})).containsExactly(1);
    assertThat(ExecutorState.get().targets(key, () -> new float[] {2})).containsExactly(1);
    Owners.remove(key.owner());
    run(element -> (int) ExecutorState.get().targets(UNRELATED, () -> new float[] {3})[0]);
    assertThat(ExecutorState.get().targets(key, () -> new float[] {4})).containsExactly(4);
  }

  private static void run(Function<Integer, Integer> task) {
    JavaRDD<Integer> elements = cluster.context().parallelize(List.of(1), 1);
    Jobs.run(elements.map(task), Integer.class, (partition, result) -> {});
  }

  private static Integer fail(Exception failure) throws Exception {
    throw failure;
  }
}
