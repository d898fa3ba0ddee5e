package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.search.SearchDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcesCommandTest {
  private static final String CLUSTER = "spark.master=yarn";

  @TempDir Path temporary;
  private Path experiment;

  @BeforeEach
  void writeExperiment() throws IOException {
    experiment = temporary.resolve("experiment.conf");
    Files.writeString(
        experiment, "name = sized\ndata.format = synthetic\ntraining.workers = 3\n" + CLUSTER);
  }

  private CommandRun resources(String command, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("resources", command, experiment.toString(), "--as-settings"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train --overwrite",
        "check --images 100 --output report",
        "check --images=100",
        "prepare --overwrite",
        "search --extend 2 training.batch-size={choice=[16,32]}",
        "ensemble --overwrite --extend=2"
      })
  void optionsOfTheCommandAreTaken(String line) {
    String[] words = line.split(" ", -1);
    CommandRun result = resources(words[0], Arrays.copyOfRange(words, 1, words.length));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("spark.executor.memory=");
  }

  @Test
  void optionsThatTheCommandDoesNotHaveAreRefused() {
    CommandRun result = resources("train", "--extend", "2");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("Unknown option: '--extend'");
    assertThat(resources("train", "--epochs", "3").err()).contains("such as training.epochs=3");
  }

  @Test
  void aDirectoryToGoOnWithIsSizedByItsExperiment() {
    Path directory = temporary.resolve("search");
    SearchDefinition search =
        SearchDefinition.of(
            WrittenConfiguration.read(
                experiment.toString(),
                List.of(
                    "output=" + directory,
                    "optimizer.learning-rate={uniform=[0.1,0.2]}",
                    "search.workers-per-trial=4",
                    "search.parallel-trials=2")));
    SearchDirectory.open(
            new DirectoryClaim(
                directory.toString(), search.text(), false, SearchDefinition::identityOf),
            new Configuration(false),
            () -> {})
        .close();
    CommandRun result =
        CommandRun.of(
            List.of("resources", "search", "--resume", directory.toString(), "--as-settings"));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("spark.executor.instances=8\n");
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"search, search.parallel-trials", "ensemble, ensemble.parallel-members"})
  void executorsForOneRunOfSeveralAreTold(String command, String key) throws IOException {
    if (command.equals("search")) {
      Files.writeString(
          experiment,
          "\noptimizer.learning-rate = {uniform=[0.1,0.2]}\n",
          StandardOpenOption.APPEND);
    }
    CommandRun result = resources(command);
    assertThat(result.out()).contains("spark.executor.instances=");
    assertThat(result.err())
        .isEqualTo(
            "note: there are executors for one run, and others wait for it; "
                + key
                + "=N asks for those of N at once"
                + System.lineSeparator());
    assertThat(resources(command, key + "=2").err()).isEmpty();
    assertThat(resources(command, "spark.master=\"spark://host:7077\"").err()).isEmpty();
    assertThat(resources(command, "spark.conf.spark.dynamicAllocation.enabled=true").err())
        .isEmpty();
    assertThat(resources(command, "spark.conf.spark.executor.instances=8").err()).isEmpty();
  }

  @Test
  void oneRunIsSilent() {
    assertThat(resources("train").err()).isEmpty();
    assertThat(resources("ensemble", "ensemble.from=snapshots").err()).isEmpty();
  }

  @Test
  void anEnsembleIsSizedByTheLargestOfItsMembers() {
    String variants = "ensemble.variants=[{training.workers=2}, {training.workers=5}]";
    assertThat(resources("ensemble", variants).out()).contains("spark.executor.instances=5\n");
    assertThat(resources("ensemble", variants, "ensemble.parallel-members=2").out())
        .contains("spark.executor.instances=10\n");
  }

  @Test
  void snapshotsAreOfOneRunHoweverManyMembersAreTrainedAtOnceElsewhere() {
    assertThat(
            resources("ensemble", "ensemble.from=snapshots", "ensemble.parallel-members=2").out())
        .contains("spark.executor.instances=3\n");
  }
}
