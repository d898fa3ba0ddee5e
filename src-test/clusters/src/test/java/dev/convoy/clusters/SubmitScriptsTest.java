package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.Application;
import dev.convoy.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that the submit scripts come to ({@code --dry-run}). */
class SubmitScriptsTest {
  @TempDir private Path directory;
  private Path experiment;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void writeExperiment() throws IOException {
    experiment = Files.writeString(directory.resolve("mine.conf"), "include \"base\"\nseed = 2\n");
    Files.writeString(directory.resolve("base.conf"), "include \"deeper.conf\"\nname = mine\n");
    Files.writeString(directory.resolve("deeper.conf"), "data.format = synthetic\n");
    environment.put("SPARK_SUBMIT", "/bin/echo");
    environment.put("KUBERNETES_MASTER", "https://host:6443");
  }

  private Ended dryRun(String script, String... arguments) {
    List<String> all = new ArrayList<>(List.of("--dry-run"));
    all.addAll(List.of(arguments));
    try (Application application =
        Application.startScript(script, environment, all.toArray(String[]::new))) {
      return application.end();
    }
  }

  private static String submitted(Ended ended) {
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    return ended.output();
  }

  private String file(String name) throws IOException {
    return "file://" + directory.toRealPath().resolve(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"submit-yarn", "submit-standalone", "submit-k8s"})
  void helpNeedsNeitherSparkNorACluster(String script) {
    try (Application application = Application.startScript(script, Map.of(), "--help")) {
      assertThat(submitted(application.end()))
          .startsWith("Runs Convoy on ")
          .contains("submit-scripts/" + script + " [--dry-run]", "\n  --gpus N ", "\n  SPARK_HOME ")
          .doesNotContain("#", "shellcheck");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train --overwrite", "check --images 100", "ensemble --extend 2"})
  void optionsOfACommandGoWithIt(String words) throws IOException {
    String[] line = words.split(" ", 2);
    List<String> arguments = new ArrayList<>(List.of(line[0]));
    arguments.addAll(List.of(line[1].split(" ", -1)));
    arguments.add(experiment.toString());
    String command = submitted(dryRun("submit-yarn", arguments.toArray(String[]::new)));
    assertThat(command)
        .contains("spark.executor.memory=", file("mine.conf"))
        .endsWith(" mine.conf spark.master=null\n");
    assertThat(command.replace(" \\\n ", "")).contains("convoy.jar " + words + " mine.conf");
  }

  @Test
  void whatTheExperimentIncludesGoesWithIt() throws IOException {
    String yarn = submitted(dryRun("submit-yarn", "train", experiment.toString()));
    assertThat(yarn)
        .contains(
            "spark.yarn.dist.files="
                + String.join(",", file("mine.conf"), file("base.conf"), file("deeper.conf")));
    assertThat(submitted(dryRun("submit-k8s", "train", experiment.toString())))
        .contains(", and beside it base.conf deeper.conf\n")
        .endsWith(" /opt/spark/conf/convoy-experiment.conf spark.master=null\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"submit-yarn", "submit-standalone spark://host:7077"})
  void variablesOfTheUserAreNotTheScripts(String words) {
    List<String> line = new ArrayList<>(List.of(words.split(" ", -1)));
    line.addAll(List.of("train", experiment.toString()));
    String[] arguments = line.subList(1, line.size()).toArray(String[]::new);
    String expected = submitted(dryRun(line.get(0), arguments));
    for (String name :
        List.of("jar", "own", "in_cluster", "both_options", "drivers_path", "files")) {
      environment.put(name, "/usr/bin/" + name);
    }
    assertThat(submitted(dryRun(line.get(0), arguments))).isEqualTo(expected);
  }

  @Test
  void anIncludedFileOfAnotherFolderIsRefused() throws IOException {
    Path below = Files.createDirectory(directory.resolve("below")).resolve("below.conf");
    Files.writeString(below, "include \"../base.conf\"\n");
    Ended ended = dryRun("submit-yarn", "train", below.toString());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.messages())
        .contains("includes files beside it")
        .contains("found ../base.conf");
  }

  @Test
  void anEvaluationTakesItsConfigurationAndNotItsModel() throws IOException {
    Path model = Files.writeString(directory.resolve("model.zip"), "a model");
    String command =
        submitted(dryRun("submit-yarn", "evaluate", model.toString(), experiment.toString()));
    assertThat(command)
        .contains("dist.files=" + file("mine.conf"))
        .doesNotContain(file("model.zip"))
        .endsWith(" evaluate " + model + " mine.conf spark.master=null\n");
    assertThat(submitted(dryRun("submit-k8s", "evaluate", model.toString(), experiment.toString())))
        .endsWith(
            " evaluate " + model + " /opt/spark/conf/convoy-experiment.conf spark.master=null\n");
    assertThat(submitted(dryRun("submit-yarn", "predict", model.toString(), "--images", "/images")))
        .doesNotContain("dist.files")
        .endsWith("--images /images\n");
  }

  @Test
  void filesOfTheSettingsAreNotForgotten() throws IOException {
    settings("spark.yarn.dist.files = hdfs:///mine.txt ");
    assertThat(submitted(dryRun("submit-yarn", "--gpus", "1", "train", experiment.toString())))
        .contains("spark.yarn.dist.files=hdfs:///mine.txt," + file("mine.conf") + ",")
        .contains(
            "/submit-scripts/discover-gpus \\\n"
                + "  --conf spark.executor.resource.gpu.discoveryScript=./discover-gpus");
  }

  @Test
  void blanksInTheFileOfSettingsDoNotCount() throws IOException {
    Path settings = directory.resolve("my.properties");
    Files.writeString(
        settings,
        "  # mine\n  spark.executor.memory = 5g \r\nspark.executor.extraJavaOptions=-Da=b -Dc = d\r\n");
    environment.put("CONVOY_SETTINGS", settings.toString());
    assertThat(submitted(dryRun("submit-yarn", "train", experiment.toString())))
        .contains("--conf spark.executor.memory=5g")
        .contains("-Da=b -Dc = d")
        .doesNotContain("# mine")
        .doesNotContain("memory =");
  }

  private void settings(String... lines) throws IOException {
    Path settings = directory.resolve("my.properties");
    Files.write(settings, List.of(lines));
    environment.put("CONVOY_SETTINGS", settings.toString());
  }

  /** The values of an option, the last of which spark-submit takes. */
  private static List<String> values(String command, String option) {
    return command
        .lines()
        .map(line -> line.strip().replaceAll(" \\\\$", "").replace("'", ""))
        .filter(line -> line.startsWith(option))
        .map(line -> line.substring(option.length()))
        .toList();
  }

  private static String last(String command, String option) {
    List<String> values = values(command, option);
    return values.get(values.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--jars /mine.jar", "--jars=/mine.jar", "--conf spark.jars=/mine.jar"})
  void theUsersJarsAreAddedToConvoys(String options) throws IOException {
    environment.put("CONVOY_SUBMIT_OPTIONS", options);
    assertThat(last(submitted(dryRun("submit-yarn", "train", experiment.toString())), "--jars "))
        .contains("/lib/")
        .contains(".jar,/mine.jar");
    environment.clear();
    writeExperiment();
    settings("spark.jars=/mine.jar");
    assertThat(last(submitted(dryRun("submit-yarn", "train", experiment.toString())), "--jars "))
        .contains(".jar,/mine.jar");
  }

  @Test
  void theUsersClassPathsAreAddedToThoseOfTheImage() throws IOException {
    settings("spark.executor.extraClassPath=/opt/mine/*", "spark.driver.extraClassPath=/opt/his/*");
    String command = submitted(dryRun("submit-k8s", "train", experiment.toString()));
    assertThat(last(command, "--conf spark.executor.extraClassPath="))
        .isEqualTo("/opt/convoy/convoy.jar:/opt/convoy/lib/*:/opt/mine/*");
    assertThat(last(command, "--driver-class-path "))
        .startsWith("/opt/convoy/convoy.jar:/opt/convoy/lib/*:/opt/his/* ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"extraJavaOptions", "defaultJavaOptions"})
  void aCollectorOfTheUsersIsTheOnlyOne(String which) throws IOException {
    settings("spark.driver." + which + "=-XX:+UseG1GC");
    assertThat(submitted(dryRun("submit-yarn", "train", experiment.toString())))
        .contains("-XX:+UseG1GC", "--add-opens")
        .doesNotContain("ParallelGC");
    settings();
    environment.put("CONVOY_SUBMIT_OPTIONS", "--driver-java-options -XX:+UseG1GC");
    assertThat(submitted(dryRun("submit-yarn", "train", experiment.toString())))
        .doesNotContain("ParallelGC");
  }

  @Test
  void aDriverOfAStandaloneClusterHasTheUsersJavaOptionsBesideConvoys() throws IOException {
    settings("spark.driver.extraJavaOptions=-Dmine=1");
    String command =
        submitted(
            dryRun(
                "submit-standalone",
                "--cluster",
                "spark://host:7077",
                "train",
                experiment.toString()));
    assertThat(last(command, "--driver-java-options "))
        .contains("--add-opens=java.base/java.nio=ALL-UNNAMED", "-Dconvoy.lock-wait=180")
        .endsWith(" -Dmine=1");
  }

  /** An agent that is started twice ends the driver. */
  @Test
  void aDriverOfAStandaloneClusterHasTheUsersDefaultOptionsOnce() throws IOException {
    settings("spark.driver.defaultJavaOptions=-javaagent:/opt/agent.jar");
    String command =
        submitted(dryRun("submit-standalone", "spark://host:7077", "train", experiment.toString()));
    assertThat(last(command, "--driver-java-options ")).contains("-javaagent:/opt/agent.jar");
    assertThat(last(command, "--conf spark.driver.defaultJavaOptions=")).isEmpty();
  }

  /** As Spark reads them. */
  @Test
  void anOptionOfItsOwnWinsOverASettingBehindConf() throws IOException {
    environment.put("CONVOY_SUBMIT_OPTIONS", "--executor-cores 2 --conf spark.executor.cores=1");
    assertThat(
            values(
                submitted(dryRun("submit-yarn", "train", experiment.toString())),
                "--conf spark.executor.instances="))
        .containsExactly("1");
  }

  @Test
  void twoWorkersShareACardWhereTheUserSaysSo() throws IOException {
    assertThat(
            last(
                submitted(dryRun("submit-yarn", "--gpus", "1", "train", experiment.toString())),
                "--conf spark.task.resource.gpu.amount="))
        .isEqualTo("1");
    settings("spark.executor.cores=2", "spark.task.resource.gpu.amount=0.5");
    String shared = submitted(dryRun("submit-yarn", "--gpus", "1", "train", experiment.toString()));
    assertThat(values(shared, "--conf spark.task.resource.gpu.amount=")).containsExactly("0.5");
    assertThat(values(shared, "--conf spark.executor.instances=")).containsExactly("1");
  }

  @Test
  void sizesAreThoseOfTheExecutorsThatOptionsOfSparkSubmitAskFor() throws IOException {
    environment.put("CONVOY_SUBMIT_OPTIONS", "--executor-cores 2 --executor-memory 9g");
    String command = submitted(dryRun("submit-yarn", "train", experiment.toString()));
    assertThat(values(command, "--conf spark.executor.instances=")).containsExactly("1");
    assertThat(values(command, "--conf spark.executor.memory=")).isEmpty();
  }

  @Test
  void namesThatEndInRKeepIt() throws IOException {
    settings("spark.kubernetes.authenticate.executor.serviceAccountName=convoy-executor");
    assertThat(submitted(dryRun("submit-k8s", "train", experiment.toString())))
        .contains("serviceAccountName=convoy-executor");
  }

  @Test
  void whatIsLookedAtInAClusterHasItsMaster() throws IOException {
    assertThat(submitted(dryRun("submit-yarn", "show", experiment.toString())))
        .endsWith(" show mine.conf spark.master=null\n");
  }

  @Test
  void aSecretThatWouldStandInACommandIsToldOfAndNotShown() throws IOException {
    settings(
        "spark.hadoop.fs.s3a.secret.key=hidden-from-all==",
        "spark.executorEnv.AWS_SECRET_ACCESS_KEY=hidden-from-all",
        "spark.kubernetes.driver.secretKeyRef.AWS_SECRET_ACCESS_KEY=convoy-s3:secret-key",
        "spark.authenticate.secret.file=/etc/convoy/secret");
    Ended ended = dryRun("submit-yarn", "train", experiment.toString());
    assertThat(submitted(ended))
        .contains("spark.hadoop.fs.s3a.secret.key=...", "secret.file=/etc/convoy/secret")
        .contains("AWS_SECRET_ACCESS_KEY=...", "AWS_SECRET_ACCESS_KEY=convoy-s3:secret-key")
        .doesNotContain("hidden-from-all");
    assertThat(ended.messages())
        .contains("note: spark.hadoop.fs.s3a.secret.key in ", "conf/spark-defaults.conf")
        .contains("note: spark.executorEnv.AWS_SECRET_ACCESS_KEY in ")
        .doesNotContain("secretKeyRef")
        .doesNotContain("hidden-from-all")
        .doesNotContain("secret.file in");
  }

  @Test
  void aDirectoryThatIsNotSeenHereIsSubmittedWithoutSizes() {
    Ended elsewhere = dryRun("submit-yarn", "search", "--resume", "/elsewhere");
    assertThat(submitted(elsewhere))
        .doesNotContain("spark.executor.instances")
        .endsWith("--resume /elsewhere spark.master=null\n");
    assertThat(elsewhere.messages()).contains("note: executors and memory are not computed");
  }
}
