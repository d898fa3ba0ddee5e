package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.Supervisor.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What rounds leave behind in the driver and in an executor, which are one process here: nothing
 * but their lines of metrics.jsonl. {@code -Dconvoy.rounds=5000} for more of them; the figures are
 * in docs/results.md.
 */
class ManyRoundsTest {
  private static final int FEW = 240;
  private static final int ROUNDS = Integer.getInteger("convoy.rounds", FEW);

  private static final int ROUNDS_OF_EPOCH = 6;

  /** Lines of metrics.jsonl are kept until the run ends. */
  private static final long LINE_BYTES = 3000;

  private static final long SLACK_BYTES = 6 << 20;

  /** Images, parameters, what workers keep, and tasks of a few jobs. */
  private static final long MOST_BLOCKS = 60;

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** What there is between two rounds. */
  private record Sample(long round, long heap, long blocks, long files, long threads) {
    static Sample take(long round) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      return new Sample(
          round,
          runtime.totalMemory() - runtime.freeMemory(),
          countBlocks(),
          count(Path.of("/proc/self/fd")),
          count(Path.of("/proc/self/task")));
    }

    /** Spark deletes what nobody refers to a while after it was collected as garbage. */
    private static long countBlocks() {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      long blocks = SparkEnv.get().blockManager().getMatchingBlockIds(any -> true).size();
      while (blocks > MOST_BLOCKS && System.nanoTime() < deadline) {
        Thread.onSpinWait();
        blocks = SparkEnv.get().blockManager().getMatchingBlockIds(any -> true).size();
      }
      return blocks;
    }

    private static long count(Path folder) {
      try (Stream<Path> entries = Files.list(folder)) {
        return entries.count();
      } catch (IOException e) {
        return 0; // not Linux
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "averaging.route=driver",
        "averaging={strategy=block-momentum, nesterov=on, optimizer-state=keep, compression=8-bit}"
      })
  void roundsLeaveNothingBehindButTheirMetrics(String averaging) {
    RunConfiguration configuration =
        Experiments.small(
            temporary.resolve("run"),
            averaging,
            "training.epochs=" + (ROUNDS + ROUNDS_OF_EPOCH - 1) / ROUNDS_OF_EPOCH,
            "training.averaging-frequency=1",
            "training.early-stopping.every=" + ROUNDS + " rounds",
            "checkpoint.every=20 rounds");
    List<Sample> samples = new ArrayList<>();
    Supervisor sampling =
        moment -> {
          if (moment.rounds() == ROUNDS / 3 || moment.rounds() == ROUNDS - 1) {
            samples.add(Sample.take(moment.rounds()));
          }
          return Verdict.GO_ON;
        };
    try (RunDirectory directory =
            RunDirectory.open(configuration, new Configuration(false), () -> {});
        TrainingData data = new TrainingData(cluster, configuration, Progress.none())) {
      TrainingRun.run(
          cluster, configuration, directory, Progress.none(), data, sampling, Optional.empty());
    }
    assertThat(samples).hasSize(2);
    Sample early = samples.get(0);
    Sample late = samples.get(1);
    String both = early + " " + late;
    long rounds = late.round() - early.round();
    if (ROUNDS > FEW) {
      System.out.println(both);
    }
    assertThat(late.heap() - early.heap()).as(both).isLessThan(SLACK_BYTES + rounds * LINE_BYTES);
    assertThat(late.blocks()).as(both).isLessThanOrEqualTo(MOST_BLOCKS);
    assertThat(late.files()).as(both).isLessThanOrEqualTo(early.files() + 8);
    assertThat(late.threads()).as(both).isLessThanOrEqualTo(early.threads() + 8);
  }
}
