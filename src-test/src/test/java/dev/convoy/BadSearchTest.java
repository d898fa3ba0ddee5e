package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadSearchTest {
  private static final int CONFIGURATION = 2;
  private static final String EXPERIMENT = Runs.experiment("search.conf");

  @TempDir private Path directory;

  private Ended search(String... overrides) {
    return Command.run("search", EXPERIMENT, directory.resolve("out"), overrides);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.batch-size={int=[8, 4]} | training.batch-size",
        "optimizer.l2={log-uniform=[-1e-4, 1e-2]} | optimizer.l2",
        "optimizer.l2={uniform=[0, 0]} | optimizer.l2",
        "optimizer={choice=[{name=sgd, learning-rat={uniform=[0.1, 0.2]}}]} | learning-rat: unknown key; did you mean optimizer.learning-rate?",
        "training.batch-size={uniform=[8, 16]} | training.batch-size",
        "model.filters=[{choice=[-1, 4]}, 8] | model",
        "search.where=[\"training.batch-size > 1000\"] | search.where: expected constraints that the space can satisfy",
        "search.where=[\"training.batch-sise > 1\"] | training.batch-size",
        "search.where=[\"training.batch-size >\"] | search.where",
        "search.workers-per-trial=3 | workers",
        "search.parallel-trials=3 | search.parallel-trials: expected trials that find room at once in the cluster's 2 slots",
        "output={choice=[a, b]} | output",
        "search.trials=0 | search.trials = 0: expected a whole number of at least 1",
        "search.trails=5 | did you mean search.trials?",
        "search.early-termination=soon | search.early-termination.rule = soon: expected one of asha, halving, hyperband, median, none",
        "data.validation=null | data.validation",
        "search={trials=3, early-termination={rule=halving, reduction-factor=2}} | search.trials = 3: expected a whole bracket"
      })
  void aSpaceThatCannotBeSearchedIsNamed(String override, String message) {
    search(override).assertRefused(message);
  }

  @Test
  void everyProblemOfASpaceIsReportedAtOnce() {
    Ended ended =
        search(
            "training.batch-size={int=[8, 4]}",
            "optimizer.l2={log-uniform=[-1, 1]}",
            "optimizer.l1={choice=[]}",
            "search.trials=none");
    assertThat(ended.exitCode()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints())
        .hasSize(4)
        .anyMatch(line -> line.startsWith("training.batch-size"))
        .anyMatch(line -> line.startsWith("optimizer.l2"))
        .anyMatch(line -> line.startsWith("optimizer.l1"))
        .anyMatch(line -> line.startsWith("search.trials"));
  }

  @Test
  void aConfigurationWithoutASpaceSaysHowToWriteOne() {
    Ended ended =
        Command.run(
            "search", Runs.experiment("reference.conf"), "output=" + directory.resolve("out"));
    assertThat(ended.exitCode()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints()).singleElement().asString().contains("{log-uniform = [1e-4, 1]}");
  }

  @Test
  void aSpaceIsNotForTraining() {
    Ended ended = Command.run("train", EXPERIMENT, "output=" + directory.resolve("out"));
    assertThat(ended.exitCode()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints())
        .anyMatch(line -> line.startsWith("training.batch-size") && line.contains("convoy search"));
  }

  @Test
  void aDirectoryWithoutASearchIsNamed() {
    Ended ended = Command.run("search", "--status", directory.resolve("none").toString());
    assertThat(ended.exitCode()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints()).singleElement().asString().contains("Cannot find a search in");
    assertThat(Files.exists(directory.resolve("none"))).isFalse();
  }
}
