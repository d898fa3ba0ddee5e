package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import dev.convoy.SearchFiles;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit-standalone}: a master and two workers, which the test starts. */
class StandaloneTest {
  private static final List<String> CLIENT = List.of();
  private static final List<String> CLUSTER = List.of("--cluster");

  @TempDir private static Path directory;
  private static StandaloneSpark cluster;
  private static RunFiles expected;

  @BeforeAll
  static void start() {
    cluster = new StandaloneSpark(directory, 2);
    expected = Runs.newRun("slow-rounds");
    Ended alone = Application.run("train", experiment(), expected.argument());
    assertThat(alone.exitCode()).as(alone.messages()).isZero();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static String experiment() {
    return Runs.experiment("slow-rounds.conf");
  }

  @Test
  void aRunLosesAnExecutorAndItsDriverAndComesToTheSameParameters() {
    RunFiles run = Runs.newRun("standalone");
    try (Application first = cluster.submit(CLIENT, "", "train", experiment(), run.argument())) {
      first.await("a round", () -> run.checkpointedRounds() >= 1);
      cluster.executors().findFirst().orElseThrow().destroyForcibly();
      first.await("another round", () -> run.checkpointedRounds() >= 3);
      first.kill();
    }
    try (Application second = cluster.submit(CLIENT, "", "train", experiment(), run.argument())) {
      Ended ended = second.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages()).contains("going on after round ");
    }
    assertThat(run.parameters()).isEqualTo(expected.parameters());
  }

  @Test
  void aDriverInTheClusterIsStartedAnewAndComesToTheSameParameters() {
    RunFiles run = Runs.newRun("supervised");
    try (Application submission =
        cluster.submit(CLUSTER, "", "train", experiment(), run.argument())) {
      submission.await("a round", () -> run.checkpointedRounds() >= 1);
      cluster.drivers().findFirst().orElseThrow().destroyForcibly();
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    assertThat(run.parameters()).isEqualTo(expected.parameters());
  }

  @Test
  void aSearchHasTheLeaderboardOfOneProcess() {
    SearchFiles alone = SearchFiles.create("alone");
    Ended local = Application.run("search", Runs.experiment("search.conf"), alone.argument());
    assertThat(local.exitCode()).as(local.messages()).isZero();
    SearchFiles search = SearchFiles.create("standalone");
    try (Application submitted =
        cluster.submit(CLIENT, "", "search", Runs.experiment("search.conf"), search.argument())) {
      Ended ended = submitted.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    assertThat(search.leaderboard()).isEqualTo(alone.leaderboard());
  }

  @Test
  void whoHasNoSecretIsRefusedByDriverAndBlockTransfer() throws Exception {
    RunFiles run = Runs.newRun("secret");
    int driver = freePort();
    int blocks = freePort();
    int executors = freePort();
    String ports =
        "--conf spark.driver.port=%d --conf spark.driver.blockManager.port=%d --conf"
            + " spark.blockManager.port=%d";
    try (Application submission =
        cluster.submit(
            CLIENT,
            ports.formatted(driver, blocks, executors),
            "train",
            experiment(),
            run.argument())) {
      submission.await("a round", () -> run.checkpointedRounds() >= 1);
      for (int port : List.of(driver, blocks, executors)) {
        assertThat(Intruder.ask(port)).contains("does not have SASL enabled");
      }
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages() + ended.output()).doesNotContain(StandaloneSpark.SECRET);
    }
    try (Stream<Path> files = Files.walk(run.directory())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(StandaloneSpark.SECRET);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void anExecutorThatIsFourTimesSlowerChangesNothing() {
    RunFiles run = Runs.newRun("slow-executor");
    try (Application submission =
        cluster.submit(CLIENT, "", "train", experiment(), run.argument())) {
      submission.await("executors", () -> cluster.executors().count() >= 2);
      try (Slowdown slowed = new Slowdown(cluster.executors().findFirst().orElseThrow())) {
        Ended ended = submission.end();
        assertThat(ended.exitCode()).as(ended.messages()).isZero();
        assertThat(slowed.stops()).as("times that it was stopped").isPositive();
      }
    }
    assertThat(run.parameters()).isEqualTo(expected.parameters());
  }
}
