package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import dev.convoy.SearchFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private static final String THREADS = "training.threads-per-worker=1";
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
      run.await("a first checkpoint", () -> cluster.checkpointedRounds(output) >= 2);
      kill(YarnRun.EXECUTOR);
      int afterExecutor = cluster.checkpointedRounds(output) + 2;
      run.await("a round after it", () -> cluster.checkpointedRounds(output) >= afterExecutor);
      cluster.restartDatanode(0);
      int afterDatanode = cluster.checkpointedRounds(output) + 2;
      run.await("a round after that", () -> cluster.checkpointedRounds(output) >= afterDatanode);
      int before = cluster.checkpointedRounds(output);
      kill(YarnRun.DRIVER);
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
    assertThat(summary.path("members")).hasSize(4).isEqualTo(alone.summary().path("members"));
    assertThat(summary.path("combination")).isEqualTo(alone.summary().path("combination"));
  }

  @Test
  void containersKilledAtRandomChangeNothing() throws IOException, InterruptedException {
    RandomKills.disturb(
        "YARN",
        number -> {
          String output = "/runs/killed-" + number;
          return new YarnRun(
              cluster, submit(RandomKills.command("output=" + quoted(output))), output);
        });
    assertThat(cluster.names("/user/" + System.getProperty("user.name") + "/.sparkStaging"))
        .isEmpty();
  }

  @Test
  void aNamenodeThatIsSlowToAnswerIsWaitedFor() {
    RunFiles expected = Runs.newRun("slow-rounds");
    String[] command = {"train", Runs.experiment("slow-rounds.conf")};
    Ended alone = Application.run(command[0], command[1], expected.argument());
    assertThat(alone.exitCode()).as(alone.messages()).isZero();
    String output = "/runs/slow-namenode";
    try (SlowNamenode slow = cluster.slowNamenode();
        Application run = submit(command[0], command[1], "output=" + quoted(output))) {
      Ended ended = run.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(slow.waited()).as("requests that waited").isPositive();
    }
    assertThat(cluster.json(output + "/summary.json").path("parameter-sha256").asText())
        .isEqualTo(expected.parameters());
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

  /** Kills one container's process as {@code kill -9} does. */
  private static void kill(String className) {
    List<ProcessHandle> found = new ArrayList<>(HadoopCluster.containers(className).toList());
    assertThat(found).as("containers of " + className).isNotEmpty();
    found.get(0).destroyForcibly();
  }
}
