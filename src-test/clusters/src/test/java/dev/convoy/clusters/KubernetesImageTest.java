package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.Application;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image, as far as it can be told without building it: its scripts, with programs that say what
 * they are given in place of Java, Spark and nvidia-smi, and what the Dockerfile says.
 */
class KubernetesImageTest {
  private static final String DOCKERFILE = "Dockerfile";

  @TempDir private Path directory;

  @BeforeEach
  void putProgramsThatSayWhatTheyAreGiven() throws IOException {
    for (String program : List.of("java/bin/java", "spark/bin/spark-submit", "bin/probe")) {
      program(program, "echo " + program + "; printf '<%s>\\n' \"$@\"");
    }
  }

  private void program(String name, String body) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Path file(String name) {
    return Application.home().resolve("submit-scripts/kubernetes").resolve(name);
  }

  /** The lines that a script prints. */
  private List<String> run(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", directory.resolve("java").toString());
    builder.environment().put("SPARK_HOME", directory.resolve("spark").toString());
    builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().remove("HADOOP_CONF_DIR"); // of whoever tests
    builder.environment().putAll(environment);
    Process process = builder.start();
    List<String> lines = process.inputReader().lines().toList();
    process.waitFor();
    return lines;
  }

  private List<String> start(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", file("entrypoint").toString()));
    command.addAll(List.of(arguments));
    return run(environment, command.toArray(String[]::new));
  }

  @Test
  void aDriverIsSparksOwnSubmissionInThisProcess() throws Exception {
    assertThat(
            start(
                Map.of("SPARK_DRIVER_BIND_ADDRESS", "10.1.2.3"),
                "driver",
                "--class",
                "Main",
                "local:///a.jar",
                "output=a run"))
        .containsExactly(
            "spark/bin/spark-submit",
            "<--deploy-mode>",
            "<client>",
            "<--conf>",
            "<spark.driver.bindAddress=10.1.2.3>",
            "<--class>",
            "<Main>",
            "<local:///a.jar>",
            "<output=a run>");
  }

  /** Spark numbers the options; there may be more than ten, and one may hold a space. */
  @Test
  void anExecutorHasItsOptionsInTheirOrder() throws Exception {
    Map<String, String> environment = new TreeMap<>();
    for (int option = 0; option < 12; option++) {
      environment.put("SPARK_JAVA_OPT_" + option, "-Doption=" + option + " $HOME");
    }
    environment.putAll(executor());
    List<String> lines = start(environment, "executor");
    assertThat(lines.subList(1, 13))
        .containsExactlyElementsOf(
            IntStream.range(0, 12).mapToObj(option -> "<-Doption=" + option + " $HOME>").toList());
    assertThat(lines.subList(13, lines.size()))
        .containsExactly(
            "<-Dspark.master=k8s://>",
            "<-Xms1024m>",
            "<-Xmx1024m>",
            "<-cp>",
            "</opt/spark/conf:/opt/convoy/convoy.jar:/opt/convoy/lib/*:"
                + directory.resolve("spark")
                + "/jars/*>",
            "<org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend>",
            "<--driver-url>",
            "<spark://driver:7078>",
            "<--executor-id>",
            "<7>",
            "<--cores>",
            "<2>",
            "<--app-id>",
            "<application>",
            "<--hostname>",
            "<10.1.2.3>",
            "<--resourceProfileId>",
            "<0>",
            "<--podName>",
            "<pod>");
  }

  private static Map<String, String> executor() {
    return Map.of(
        "SPARK_EXECUTOR_MEMORY", "1024m",
        "SPARK_CLASSPATH", "/opt/convoy/convoy.jar:/opt/convoy/lib/*",
        "SPARK_CONF_DIR", "/opt/spark/conf",
        "SPARK_DRIVER_URL", "spark://driver:7078",
        "SPARK_EXECUTOR_ID", "7",
        "SPARK_EXECUTOR_CORES", "2",
        "SPARK_APPLICATION_ID", "application",
        "SPARK_EXECUTOR_POD_IP", "10.1.2.3",
        "SPARK_RESOURCE_PROFILE_ID", "0",
        "SPARK_EXECUTOR_POD_NAME", "pod");
  }

  /** Spark mounts the files of the submitter's HADOOP_CONF_DIR there: addresses of HDFS, stores. */
  @Test
  void anExecutorReadsHadoopsConfigurationFirst() throws Exception {
    Map<String, String> environment = new TreeMap<>(executor());
    environment.put("HADOOP_CONF_DIR", "/opt/hadoop/conf");
    assertThat(start(environment, "executor"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("</opt/spark/conf:/opt/hadoop/conf:/opt/convoy/convoy.jar:"));
  }

  @Test
  void anyOtherCommandIsRunAsItIs() throws Exception {
    assertThat(start(Map.of(), "probe", "a b")).containsExactly("bin/probe", "<a b>");
    assertThat(start(Map.of()))
        .containsExactly("Cannot start: expected driver, executor or a command, found nothing.");
  }

  /** Its arguments of COPY are what a release holds, and its scripts can be run. */
  @Test
  void theDockerfileTakesWhatAReleaseHoldsAndRunsAsAnotherUserThanRoot() throws IOException {
    List<String> lines = Files.readAllLines(file(DOCKERFILE));
    assertThat(lines.stream().filter(line -> line.startsWith("COPY ") && !line.contains("--from")))
        .containsExactly(
            "COPY application/convoy.jar /opt/convoy/convoy.jar",
            "COPY application/lib /opt/convoy/lib",
            "COPY conf /opt/convoy/conf",
            "COPY submit-scripts /opt/convoy/submit-scripts");
    assertThat(lines).contains("USER 185");
    assertThat(lines.indexOf("USER 185")).isLessThan(lines.indexOf("WORKDIR /opt/spark/work-dir"));
    assertThat(lines.stream().filter(line -> line.startsWith("ENTRYPOINT")))
        .containsExactly("ENTRYPOINT [\"/opt/convoy/submit-scripts/kubernetes/entrypoint\"]");
    assertThat(lines).noneMatch(line -> line.contains(":latest"));
    for (String script : List.of("entrypoint", "decommission")) {
      assertThat(Files.isExecutable(file(script))).as(script).isTrue();
    }
  }
}
