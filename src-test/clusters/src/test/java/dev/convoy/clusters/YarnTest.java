package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import dev.convoy.SearchFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit-yarn} in cluster mode, with everything on HDFS. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class YarnTest {
  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d+)\\.bin");
  private static final String THREADS = "training.threads-per-worker=1";
  private static final String EXECUTOR = "YarnCoarseGrainedExecutorBackend";
  private static final String DRIVER = "yarn.ApplicationMaster";

  private static final String QUICKSTART = "/runs/quickstart";

  @TempDir private static Path directory;
  private static HadoopCluster cluster;
  private static SparkHome spark;

  @BeforeAll
  static void start() {
    spark = SparkHome.in(directory.resolve("spark"));
    cluster = new HadoopCluster(directory);
    Path application = Application.home().resolve("driver/target/application");
    cluster.upload(application.resolve("convoy.jar"), "/apps/convoy");
    cluster.upload(application.resolve("lib"), "/apps/convoy");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Application submit(String... arguments) {
    return Application.startScript(
        "submit-yarn",
        Map.of(
            "HADOOP_CONF_DIR",
            cluster.configuration().toString(),
            "SPARK_HOME",
            spark.directory().toString(),
            "CONVOY_URI",
            cluster.uri() + "/apps/convoy",
            "CONVOY_SUBMIT_OPTIONS",
            "--conf spark.yarn.maxAppAttempts=200 --conf spark.yarn.jars=local:"
                + spark.classPath()),
        arguments);
  }

  @Test
  @Order(1)
  void aRunLosesAnExecutorADatanodeAndItsDriverAndComesToTheSameParameters() {
    String output = QUICKSTART;
    RunFiles expected = Runs.newRun("quickstart");
    Ended alone = Application.run("train", quickstart(), THREADS, expected.argument());
    assertThat(alone.exitCode()).as(alone.messages()).isZero();

    try (Application run = submit("train", quickstart(), THREADS, "output=" + quoted(output))) {
      run.await("a first checkpoint", () -> rounds(output) >= 2);
      kill(EXECUTOR);
      int afterExecutor = rounds(output) + 2;
      run.await("a round after it", () -> rounds(output) >= afterExecutor);
      cluster.restartDatanode(0);
      int afterDatanode = rounds(output) + 2;
      run.await("a round after that", () -> rounds(output) >= afterDatanode);
      int before = rounds(output);
      kill(DRIVER);
      Ended ended = run.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(before).isPositive();
    }
    assertThat(cluster.json(output + "/summary.json").path("parameter-sha256").asText())
        .isEqualTo(expected.parameters());
    assertThat(cluster.names(output)).noneMatch(YarnTest::isLeftOver);
    assertThat(cluster.names(output + "/checkpoints")).noneMatch(YarnTest::isLeftOver);
  }

  @Test
  @Order(2)
  void aRunThatHasEndedIsASuccessAgain() {
    try (Application run = submit("train", quickstart(), THREADS, "output=" + quoted(QUICKSTART))) {
      Ended ended = run.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
  }

  @Test
  void aMistakeIsToldBeforeAnythingIsSubmitted() {
    try (Application run = submit("train", quickstart(), "training.epochs=none")) {
      Ended ended = run.end();
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.messages()).contains("training.epochs").doesNotContain("Submitting");
    }
  }

  @Test
  void aSearchHasTheLeaderboardOfOneProcess() {
    SearchFiles alone = SearchFiles.create("alone");
    Ended local = Application.run("search", Runs.experiment("search.conf"), alone.argument());
    assertThat(local.exitCode()).as(local.messages()).isZero();
    String output = cluster.uri() + "/runs/search";
    try (Application search =
        submit("search", Runs.experiment("search.conf"), "output=" + quoted(output))) {
      Ended ended = search.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    assertThat(downloaded(output).leaderboard()).isEqualTo(alone.leaderboard());
  }

  @Test
  void anEnsembleHasTheMembersOfOneProcess() {
    RunFiles alone = Runs.newRun("ensemble");
    Ended local = Application.run("ensemble", Runs.experiment("ensemble.conf"), alone.argument());
    assertThat(local.exitCode()).as(local.messages()).isZero();
    String output = cluster.uri() + "/runs/ensemble";
    try (Application ensemble =
        submit("ensemble", Runs.experiment("ensemble.conf"), "output=" + quoted(output))) {
      Ended ended = ensemble.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    JsonNode summary = cluster.json(output + "/summary.json");
    assertThat(summary.path("ensemble")).isEqualTo(alone.summary().path("ensemble"));
  }

  @Test
  void containersKilledAtRandomChangeNothing() throws InterruptedException {
    String[] experiment = {"train", Runs.experiment("slow-rounds.conf"), "training.epochs=12"};
    RunFiles expected = Runs.newRun("undisturbed");
    Ended alone = Application.run(with(experiment, expected.argument()));
    assertThat(alone.exitCode()).as(alone.messages()).isZero();
    KillSchedule schedule = new KillSchedule("YARN");
    for (int number = 0; schedule.goesOn(); number++) {
      String output = cluster.uri() + "/runs/killed-" + number;
      try (Application run = submit(with(experiment, "output=" + quoted(output)))) {
        while (schedule.goesOn() && !run.endsWithin(schedule.nextPause())) {
          String victim = schedule.nextIsDriver() ? DRIVER : EXECUTOR;
          List<ProcessHandle> found = HadoopCluster.containers(victim).toList();
          if (!found.isEmpty()) {
            found.get(schedule.nextOf(found.size())).destroyForcibly();
            schedule.killed();
          }
        }
        Ended ended = run.end();
        assertThat(ended.exitCode()).as(schedule + ended.messages()).isZero();
      }
      assertThat(cluster.json(output + "/summary.json").path("parameter-sha256").asText())
          .as(schedule.toString())
          .isEqualTo(expected.parameters());
      assertThat(cluster.names(output)).as(schedule.toString()).noneMatch(YarnTest::isLeftOver);
      assertThat(cluster.names(output + "/checkpoints"))
          .as(schedule.toString())
          .noneMatch(YarnTest::isLeftOver);
    }
    System.out.println("YARN: " + schedule.done() + " kills");
  }

  private static String[] with(String[] command, String argument) {
    return Stream.concat(Arrays.stream(command), Stream.of(argument)).toArray(String[]::new);
  }

  private static String quoted(String value) {
    return '"' + value + '"';
  }

  private static SearchFiles downloaded(String output) {
    Path local = Runs.newDirectory("downloaded").resolve("run");
    cluster.download(output, local);
    return new SearchFiles(new RunFiles(local));
  }

  private static String quickstart() {
    return Application.home().resolve("conf/quickstart.conf").toString();
  }

  private static boolean isLeftOver(String name) {
    return name.endsWith(".tmp") || name.equals(".lock");
  }

  /** How many rounds the latest checkpoint has behind it; 0 without one. */
  private static int rounds(String output) {
    int rounds = 0;
    for (String name : cluster.names(output + "/checkpoints")) {
      Matcher matcher = CHECKPOINT.matcher(name);
      if (matcher.matches()) {
        rounds = Math.max(rounds, Integer.parseInt(matcher.group(1)));
      }
    }
    return rounds;
  }

  /** Kills one container's process as {@code kill -9} does. */
  private static void kill(String className) {
    List<ProcessHandle> found = new ArrayList<>(HadoopCluster.containers(className).toList());
    assertThat(found).as("containers of " + className).isNotEmpty();
    found.get(0).destroyForcibly();
  }
}
