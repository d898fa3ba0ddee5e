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
    for (String name : List.of("jar", "own", "in_cluster", "options_key", "leftover", "files")) {
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
    Path settings = directory.resolve("my.properties");
    Files.writeString(settings, "spark.yarn.dist.files=hdfs:///mine.txt\n");
    environment.put("CONVOY_SETTINGS", settings.toString());
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

  @Test
  void aDirectoryThatIsNotSeenHereIsSubmittedWithoutSizes() {
    Ended elsewhere = dryRun("submit-yarn", "search", "--resume", "/elsewhere");
    assertThat(submitted(elsewhere))
        .doesNotContain("spark.executor.instances")
        .endsWith("--resume /elsewhere spark.master=null\n");
    assertThat(elsewhere.messages()).contains("note: executors and memory are not computed");
  }
}
