package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import dev.convoy.clusters.StandaloneSpark.Machine;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker of a standalone cluster that nobody can reach for a while; left out without root's
 * rights.
 */
class NetworkCutTest {
  /** Longer than Spark waits for a sign of life, as it is set here. */
  private static final long SECONDS = 15;

  private static final String IMPATIENT =
      "--conf spark.network.timeout=8s --conf spark.executor.heartbeatInterval=1s --conf"
          + " spark.network.timeoutInterval=2s";

  @TempDir private Path directory;

  @Test
  void aWorkerThatIsCutOffInARoundAndComesBackChangesNothing() throws InterruptedException {
    assumeTrue(SeparateNetwork.isPossible(), "network namespaces");
    String[] experiment = {"train", Runs.experiment("slow-rounds.conf"), "training.epochs=8"};
    RunFiles expected = Runs.newRun("joined");
    Ended alone = Application.run(experiment[0], experiment[1], experiment[2], expected.argument());
    assertThat(alone.exitCode()).as(alone.messages()).isZero();

    RunFiles run = Runs.newRun("cut");
    try (SeparateNetwork apart = new SeparateNetwork()) {
      Machine here = new Machine(SeparateNetwork.HOST_HERE, List.of());
      Machine there = new Machine(SeparateNetwork.HOST_THERE, apart.prefix());
      try (StandaloneSpark cluster = new StandaloneSpark(directory, here, List.of(here, there));
          Application submission =
              cluster.submit(
                  List.of(),
                  IMPATIENT,
                  experiment[0],
                  experiment[1],
                  experiment[2],
                  run.argument())) {
        submission.await("executors", () -> cluster.executors().count() >= 2);
        submission.await("a round", () -> run.checkpointedRounds() >= 2);
        apart.cut();
        TimeUnit.SECONDS.sleep(SECONDS);
        apart.join();
        Ended ended = submission.end();
        assertThat(ended.exitCode()).as(ended.messages()).isZero();
        assertThat(ended.messages()).containsPattern("executor \\d+ on .* lost");
      }
    }
    assertThat(run.parameters()).isEqualTo(expected.parameters());
  }
}
