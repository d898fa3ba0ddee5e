package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code submit-standalone}: a master and two workers, which the test starts. */
class StandaloneTest {
  private static final List<String> CLIENT = List.of();
  private static final List<String> CLUSTER = List.of("--cluster");

  private static final String GROWING =
      "--conf spark.dynamicAllocation.enabled=true"
          + " --conf spark.dynamicAllocation.shuffleTracking.enabled=true"
          + " --conf spark.executor.instances=1"
          + " --conf spark.dynamicAllocation.minExecutors=1"
          + " --conf spark.dynamicAllocation.maxExecutors=3"
          // Whoever has nothing to do is given up at once.
          + " --conf spark.dynamicAllocation.executorIdleTimeout=0s"
          + " --conf spark.dynamicAllocation.cachedExecutorIdleTimeout=0s";

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

  @Test
  void aRunHasAsManyExecutorsAsItHasWorkersOnAClusterWithMoreCores() {
    RunFiles run = Runs.newRun("two-of-four-cores");
    awaitNoExecutors();
    try (Application submission =
        cluster.submit(CLIENT, "", "train", experiment(), run.argument())) {
      submission.await("a round", () -> run.checkpointedRounds() >= 1);
      assertThat(cluster.executors()).hasSize(2);
    }
  }

  /** Executors of the application before this one end after it. */
  private static void awaitNoExecutors() {
    cluster.executors().map(ProcessHandle::onExit).forEach(CompletableFuture::join);
  }

  @Test
  void aRunGrowsAndShrinksToFewerExecutorsThanItHasWorkersAndComesToTheSameParameters() {
    // Rounds of seconds, of one executor: Spark asks for more after a second of work that waits.
    String[] command = {
      "train",
      experiment(),
      "training.workers=5",
      "training.epochs=4",
      "training.averaging-frequency=300",
      "data.synthetic.train-examples=12000"
    };
    RunFiles alone = Runs.newRun("five-workers");
    Ended local = Application.run(with(command, alone.argument()));
    assertThat(local.exitCode()).as(local.messages()).isZero();

    RunFiles run = Runs.newRun("dynamic");
    awaitNoExecutors();
    try (Application submission = cluster.submit(CLIENT, GROWING, with(command, run.argument()))) {
      submission.await("one executor", () -> cluster.executors().count() == 1);
      submission.await("more of them", () -> cluster.executors().count() > 1);
      submission.await("one again", () -> cluster.executors().count() == 1);
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages()).doesNotContain(" lost (");
    }
    assertThat(run.parameters()).isEqualTo(alone.parameters());
    assertThat(run.summary().path("examples")).isEqualTo(alone.summary().path("examples"));
  }

  private static String[] with(String[] command, String argument) {
    return Stream.concat(Arrays.stream(command), Stream.of(argument)).toArray(String[]::new);
  }

  @Test
  void processesKilledAtRandomChangeNothing() throws IOException, InterruptedException {
    RandomKills.disturb("standalone", number -> new StandaloneRun(cluster));
  }

  /** The heap is taken as a whole, so that what is outside of it has no room but its own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "training.epochs=1",
        "model.name=resnet-20 model.filters=null model.hidden=null training.batch-size=128"
            + " training.epochs=1 data.limit=1024"
      })
  void anExecutorTakesNoMoreMemoryThanIsPlanned(String differences) {
    List<String> command = new ArrayList<>();
    command.add("train");
    command.add(Application.home().resolve("conf/quickstart.conf").toString());
    command.addAll(List.of(differences.split(" ", -1)));
    Map<String, Integer> planned = PlannedMemory.of("standalone", command.toArray(String[]::new));
    int heap = planned.get("spark.executor.memory");
    long most = 0;
    awaitNoExecutors();
    try (Application submission =
        cluster.submit(
            CLIENT,
            "--conf spark.executor.defaultJavaOptions=-XX:+AlwaysPreTouch"
                + " --conf spark.executor.extraJavaOptions=-Xms"
                + heap
                + "m",
            with(command.toArray(String[]::new), Runs.newRun("memory").argument()))) {
      while (submission.handle().isAlive()) {
        most = Math.max(most, cluster.executors().mapToLong(ResidentMemory::most).max().orElse(0));
      }
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    int room = heap + planned.get("spark.executor.memoryOverhead");
    System.out.println(differences + ": " + most + " MiB resident, planned " + room);
    assertThat(most).isBetween((long) heap, (long) room);
  }

  /** Spark then takes executors for lost that it has not heard of for an hour. */
  @Test
  void clocksThatJumpAnHourForwardAndBackChangeNothing() {
    assumeTrue(JumpingClock.isPossible(), "a compiler of C");
    RunFiles run = Runs.newRun("clocks");
    JumpingClock clock = new JumpingClock(directory);
    try (Application submission =
        cluster.submit(
            CLIENT,
            "--conf spark.network.timeoutInterval=1s" + clock.ofExecutors(),
            clock.environment(),
            "train",
            experiment(),
            run.argument())) {
      submission.await("a round", () -> run.checkpointedRounds() >= 1);
      clock.jumpForward();
      submission.await("executors lost", () -> submission.messages().contains(" lost ("));
      submission.await("another round", () -> run.checkpointedRounds() >= 3);
      clock.jumpBack();
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    assertThat(run.parameters()).isEqualTo(expected.parameters());
  }
}
