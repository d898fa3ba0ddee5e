package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadEnsembleTest {
  private static final int USAGE = 2;
  private static final int CONFIGURATION = 2;
  private static final String EXPERIMENT = Runs.experiment("ensemble.conf");

  @TempDir private Path directory;

  private Ended ensemble(String... overrides) {
    return Command.run("ensemble", EXPERIMENT, directory.resolve("out"), overrides);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ensemble.members=0 | ensemble.members = 0: expected a whole number from 1 to 1000",
        "ensemble.member=5 | did you mean ensemble.members?",
        "ensemble.combine=mean | ensemble.combine = mean: expected one of geometric, hard, soft, stacked, weighted",
        "ensemble={select=greedy, combine=hard} | ensemble.select = greedy: expected all, or ensemble.combine = soft",
        "ensemble.parallel-members=3 | ensemble.parallel-members: expected trials that find room at once",
        "training.workers=3 | workers",
        "data.validation={choice=[0.1, 0.2]} | data.validation: expected one value for all members, found a distribution",
        "ensemble.variants=[{data.limit=10}] | ensemble.variants: expected no data, which all members share",
        "ensemble.variants=[{training.epoch=3}] | did you mean training.epochs?",
        "ensemble.variants=7 | ensemble.variants = 7: expected a list of blocks",
        "ensemble.from=search | ensemble.search = null: expected the directory of a finished search",
        "ensemble={from=search, search=nowhere} | Cannot find a search in nowhere",
        "ensemble={from=snapshots, members=3} | training.epochs = 8: expected as many whole epochs for each of 3 snapshots",
        "ensemble={from=snapshots, variants=[{seed=2}]} | ensemble.variants",
        "ensemble.distill={train=on, run={data.limit=3}} | no data, which is the ensemble's",
        "ensemble.distill={train=on, run={training.epoch=3}} | in ensemble.distill.run: training.epoch: unknown key",
        "ensemble.distill={weight=0} | ensemble.distill.weight = 0: expected a number in (0, 1]",
        "ensemble.dropout-samples=1 | ensemble.dropout-samples = 1: expected a whole number from 2 to 1000"
      })
  void whatCannotBeAnEnsembleIsNamed(String override, String message) {
    ensemble(override).assertRefused(message);
    assertThat(directory.resolve("out/ensemble.zip")).doesNotExist();
  }

  @Test
  void weightsAreNotAveragedWithoutImagesToJudgeThemBy() {
    Ended ended = ensemble("data.validation=out-of-bag", "ensemble.average-weights=uniform");
    assertThat(ended.exitCode()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints())
        .singleElement()
        .asString()
        .contains("data.validation", "ensemble.average-weights");
  }

  @Test
  void aCombinationThatCannotBeLearnedSaysWhatItLacks() {
    Ended ended =
        ensemble(
            "data.validation=null",
            "training.early-stopping=off",
            "training.resample.method=full",
            "ensemble.combine=stacked");
    assertThat(ended.exitCode()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints())
        .singleElement()
        .asString()
        .contains("data.validation = null", "training.resample");
  }

  @Test
  void aNetworkWithoutDropoutCannotBeSampled() {
    Ended ended = ensemble("ensemble.dropout-samples=5");
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints())
        .singleElement()
        .asString()
        .contains("ensemble.dropout-samples", "model.dropout");
  }

  @Test
  void nothingToDoIsSaidSo() {
    Ended ended = Command.run("ensemble");
    assertThat(ended.exitCode()).isEqualTo(USAGE);
    assertThat(ended.messages()).contains("convoy ensemble CONF");
  }

  @Test
  void anotherRunsDirectoryIsLeftAlone() throws IOException {
    Path other = directory.resolve("out");
    Files.createDirectories(other);
    Files.writeString(other.resolve("config.conf"), "name = other");
    Ended ended = ensemble();
    assertThat(ended.exitCode()).isEqualTo(CONFIGURATION);
    assertThat(ended.messages()).contains("found a different run", "--overwrite");
    assertThat(other.resolve("config.conf")).hasContent("name = other");
  }

  @ParameterizedTest
  @CsvSource({"garbage, 3", "PK, 3"})
  void aFileThatIsNoEnsembleIsNamed(String content, int exitCode) throws IOException {
    Path file = directory.resolve("ensemble.zip");
    Files.writeString(file, content);
    Ended ended = Command.run("evaluate", file.toString(), EXPERIMENT);
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(exitCode);
    assertThat(ended.complaints()).singleElement().asString().contains(file.toString());
  }
}
