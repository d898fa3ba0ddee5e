package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.report.Progress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThatThrownBy(() -> run(element -> fail(new UnsuitableClusterException("%s", "mixed"))))
        .isInstanceOf(UnsuitableClusterException.class)
        .hasMessage("mixed");
    assertThatThrownBy(() -> run(element -> fail(new IOException("no route"))))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot finish the work on executors: java.io.IOException: no route."
                + " CONVOY_LOG_LEVEL=WARN shows every attempt.");
  }

  @Test
  void aFileThatIsGoneIsOneOfTheImages() {
    assertThat(translated("/photographs/spark-2/dark/3.png (No such file or directory)"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot read the images: /photographs/spark-2/dark/3.png (No such file or directory)."
                + " Restore the file.");
  }

  /** Java has one exception for every file that it cannot open or make. */
  @ParameterizedTest
  @CsvSource({
    "/photographs/3.png (Too many open files), Raise the limit of open files (ulimit -n)",
    "/photographs/3.png (Too many open files in system), Raise the limit of open files (ulimit -n)",
    "/tmp/a (No space left on device), Make room where the output and spark.local.dir are",
    "/tmp/a (Disk quota exceeded), Make room where the output and spark.local.dir are"
  })
  void whatAMachineLacksIsNoMatterOfTheImages(String message, String advice) {
    assertThat(translated(message))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot finish the work on executors: java.io.FileNotFoundException: "
                + message
                + ". "
                + advice
                + ".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tmp/blockmgr-8a1a7a12-3b0c-4f55-9d0e-2f8d5b6c7a90/0c/rdd_1_0",
        "/tmp/spark-8a1a7a12-3b0c-4f55-9d0e-2f8d5b6c7a90/results.tmp",
        "/grid/usercache/me/appcache/application_1700000000000_0001/results.tmp"
      })
  void filesThatSparkKeepsAreNoImages(String path) {
    assertThat(translated(path + " (No such file or directory)"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("CONVOY_LOG_LEVEL=WARN shows every attempt");
  }

  private static RuntimeException translated(String message) {
    return Jobs.translate(new SparkException("a task failed", new FileNotFoundException(message)));
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
