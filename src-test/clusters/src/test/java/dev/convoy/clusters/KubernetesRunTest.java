package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs on a Kubernetes whose interface is a mock server, and whose pods are processes that the
 * image's entrypoint starts.
 */
class KubernetesRunTest {
  private static final String SECRET = "not-to-be-seen-0815";
  private static final String DRIVER = "driver";
  private static final String EXECUTOR = "executor";

  @TempDir private static Path directory;
  private static SparkHome spark;
  private static Path secret;
  private static RunFiles expected;

  private KubernetesServer server;
  private KubernetesNode node;

  @BeforeAll
  static void runAlone() throws IOException {
    spark = SparkHome.in(directory.resolve("spark"));
    launchAsSparkDoes();
    secret = Files.createDirectories(directory.resolve("authentication")).resolve("secret");
    Files.writeString(secret, SECRET);
    expected = Runs.newRun("long");
    Ended alone = Application.run(training(expected));
    assertThat(alone.exitCode()).as(alone.messages()).isZero();
  }

  @BeforeEach
  void start() throws IOException {
    server = new KubernetesServer();
    node = new KubernetesNode(server, Runs.newDirectory("pods"), image());
  }

  @AfterEach
  void stop() {
    node.close();
    server.close();
  }

  @Test
  void aRunLosesAnExecutorAndADrainedOneAndComesToTheSameParameters() throws Exception {
    RunFiles run = Runs.newRun("client");
    try (Application submission =
        submit(
            "--client",
            "--conf spark.driver.host=localhost --conf spark.driver.bindAddress=127.0.0.1"
                + " --conf spark.authenticate.secret.driver.file="
                + secret,
            run)) {
      submission.await("a round", () -> run.checkpointedRounds() >= 1);
      node.kill(node.living(EXECUTOR).get(0));
      submission.await("another executor", () -> node.living(EXECUTOR).size() == 2);
      int rounds = run.checkpointedRounds();
      submission.await("rounds with it", () -> run.checkpointedRounds() >= rounds + 2);
      String drained = node.living(EXECUTOR).get(0);
      node.drain(drained);
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages())
          .contains("lost (The executor with id")
          .contains("decommissioned")
          .doesNotContain(SECRET);
      assertThat(node.log(drained)).doesNotContain(SECRET);
    }
    assertThat(run.parameters()).isEqualTo(expected.parameters());
    assertThat(server.pods(EXECUTOR)).as("deleted at the end").isEmpty();
    requireNothingWrong();
  }

  @Test
  void aDriverInAPodIsLostAndTheSameCommandGoesOnToTheSameParameters() throws Exception {
    RunFiles run = Runs.newRun("cluster");
    String lost;
    try (Application first = submit("--cluster", inPods(), run)) {
      first.await("a round", () -> run.checkpointedRounds() >= 1);
      lost = node.living(DRIVER).get(0);
      node.kill(lost);
      assertThat(first.end().messages()).contains("Failed");
    }
    try (Application second = submit("--cluster", inPods(), run)) {
      second.await("another driver", () -> server.pods(DRIVER).size() == 2);
      Ended ended = second.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    List<String> logs =
        server.pods(DRIVER).stream().map(pod -> node.log(pod.getMetadata().getName())).toList();
    assertThat(logs)
        .anyMatch(log -> log.contains("going on after round "))
        .noneMatch(log -> log.contains(SECRET));
    assertThat(run.parameters()).as(String.join("\n", logs)).isEqualTo(expected.parameters());
    // Kubernetes deletes the pods of the lost driver's executors together with its own.
    assertThat(server.pods(EXECUTOR))
        .allMatch(pod -> pod.getMetadata().getOwnerReferences().get(0).getName().equals(lost))
        .allMatch(pod -> !node.living(EXECUTOR).contains(pod.getMetadata().getName()));
    requireNothingWrong();
  }

  /**
   * What a driver in a pod is told of this machine: the cluster's address, and ports of its own.
   */
  private String inPods() throws IOException {
    return "--conf spark.kubernetes.driver.master="
        + server.master().substring("k8s://".length())
        + " --conf spark.driver.port="
        + freePort()
        + " --conf spark.driver.blockManager.port="
        + freePort();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void requireNothingWrong() {
    assertThat(server.problems()).isEmpty();
    assertThat(server.actions()).isNotEmpty().isSubsetOf(allowed());
  }

  /** Long enough for other executors to begin: 48 rounds. */
  private static String[] training(RunFiles run) {
    return new String[] {
      "train",
      Runs.experiment("slow-rounds.conf"),
      run.argument(),
      "training.epochs=16",
      "training.early-stopping=off"
    };
  }

  /** What the driver's account may do. */
  private static Set<String> allowed() {
    Set<String> allowed = new TreeSet<>();
    Path manifest = Application.home().resolve("submit-scripts/kubernetes/service-account.yaml");
    for (JsonNode document : KubernetesSchema.read(manifest)) {
      for (JsonNode rule : document.path("rules")) {
        for (JsonNode verb : rule.get("verbs")) {
          rule.get("resources").forEach(one -> allowed.add(verb.asText() + " " + one.asText()));
        }
      }
    }
    return allowed;
  }

  /** Where the image's files are here. */
  private static Map<String, String> image() throws IOException {
    return Map.of(
        "/opt/convoy/submit-scripts",
        Application.home().resolve("submit-scripts").toString(),
        "/opt/spark",
        spark.directory().toString(),
        "/etc/convoy/authentication",
        secret.getParent().toString(),
        "/var/data/spark",
        Files.createDirectories(directory.resolve("local")).toString());
  }

  private Application submit(String mode, String options, RunFiles run) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SPARK_HOME", spark.directory().toString());
    environment.put("KUBERNETES_MASTER", server.master());
    environment.put(
        "CONVOY_URI", "local://" + Application.home().resolve("driver/target/application"));
    environment.put(
        "CONVOY_SUBMIT_OPTIONS",
        options
            + " --conf spark.executor.memory=600m"
            + " --conf spark.kubernetes.allocation.batch.delay=200ms");
    List<String> arguments = new ArrayList<>(List.of(mode));
    arguments.addAll(List.of(training(run)));
    return Application.startScript("submit-k8s", environment, arguments.toArray(String[]::new));
  }

  /** What bin/spark-submit does: Spark's launcher says how the driver's JVM is to be started. */
  private static void launchAsSparkDoes() throws IOException {
    Files.writeString(
        spark.submit(),
        """
        #!/bin/bash
        export SPARK_HOME='%1$s' SPARK_SCALA_VERSION=2.12
        command=()
        while IFS= read -r -d '' part; do command+=("$part"); done < <(
          java -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \\
            org.apache.spark.deploy.SparkSubmit "$@")
        command[1]=${command[1]#$'\\n'}
        exec "${command[@]:1}"
        """
            .formatted(spark.directory()));
  }
}
