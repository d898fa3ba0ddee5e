package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code submit-k8s --client}: the driver asks a mock server for pods, and processes that the
 * image's entrypoint starts are the executors.
 */
class KubernetesRunTest {
  private static final String SECRET = "not-to-be-seen-0815";

  @Test
  void aRunLosesAnExecutorAndADrainedOneAndComesToTheSameParameters(@TempDir Path directory)
      throws Exception {
    RunFiles expected = Runs.newRun("long");
    Ended alone = Application.run(training(expected));
    assertThat(alone.exitCode()).as(alone.messages()).isZero();
    RunFiles run = Runs.newRun("kubernetes");
    SparkHome spark = SparkHome.in(directory.resolve("spark"));
    Path authentication = Files.createDirectories(directory.resolve("authentication"));
    Files.writeString(authentication.resolve("secret"), SECRET);
    Path pods = Files.createDirectories(directory.resolve("pods"));
    try (KubernetesServer server = new KubernetesServer();
        KubernetesNode node =
            new KubernetesNode(server, pods, image(spark, authentication, directory));
        Application submission = submit(server, spark, authentication, training(run))) {
      submission.await("a round", () -> run.checkpointedRounds() >= 1);
      String first = node.living().get(0);
      node.kill(first);
      submission.await("another executor", () -> node.living().size() == 2);
      int rounds = run.checkpointedRounds();
      submission.await("rounds with it", () -> run.checkpointedRounds() >= rounds + 2);
      String second = node.living().get(0);
      node.drain(second);
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages())
          .contains("lost (The executor with id")
          .contains("decommissioned")
          .doesNotContain(SECRET);
      assertThat(node.log(second)).doesNotContain(SECRET);
      assertThat(server.problems()).isEmpty();
      assertThat(server.pods("executor")).as("deleted at the end").isEmpty();
      assertThat(server.actions()).isNotEmpty().isSubsetOf(allowed());
    }
    assertThat(run.parameters()).isEqualTo(expected.parameters());
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
  private static Map<String, String> image(SparkHome spark, Path authentication, Path directory)
      throws IOException {
    return Map.of(
        "/opt/convoy/submit-scripts",
        Application.home().resolve("submit-scripts").toString(),
        "/opt/spark",
        spark.directory().toString(),
        "/etc/convoy/authentication",
        authentication.toString(),
        "/var/data/spark",
        Files.createDirectories(directory.resolve("local")).toString());
  }

  private static Application submit(
      KubernetesServer server, SparkHome spark, Path authentication, String... arguments)
      throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("SPARK_HOME", spark.directory().toString());
    environment.put("SPARK_SUBMIT", launcher(spark).toString());
    environment.put("KUBERNETES_MASTER", server.master());
    environment.put(
        "CONVOY_URI", "local://" + Application.home().resolve("driver/target/application"));
    environment.put(
        "CONVOY_SUBMIT_OPTIONS",
        "--conf spark.driver.host=localhost --conf spark.driver.bindAddress=127.0.0.1"
            + " --conf spark.authenticate.secret.driver.file="
            + authentication.resolve("secret")
            + " --conf spark.executor.memory=600m"
            + " --conf spark.kubernetes.allocation.batch.delay=200ms");
    String[] all = new String[arguments.length + 1];
    all[0] = "--client";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Application.startScript("submit-k8s", environment, all);
  }

  /** What bin/spark-submit does: Spark's launcher says how the driver's JVM is to be started. */
  private static Path launcher(SparkHome spark) throws IOException {
    Path script = spark.directory().resolve("bin/launch");
    Files.writeString(
        script,
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
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }
}
