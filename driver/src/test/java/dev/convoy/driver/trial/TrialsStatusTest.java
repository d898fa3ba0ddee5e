package dev.convoy.driver.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.DirectoryLock;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.RunsDirectory;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.space.Sample;
import dev.convoy.driver.state.EarlyStopping.Metric;
import dev.convoy.driver.termination.Assignment;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialsStatusTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final Metric METRIC = Metric.VALIDATION_ACCURACY;

  @TempDir Path temporary;

  private DirectoryClaim opening() {
    return new DirectoryClaim(
        temporary.toString(),
        new EffectiveText("a = 1", "a = 1", "a = 1"),
        false,
        UnaryOperator.identity());
  }

  private static void record(RunsDirectory directory, String noun) {
    TrialRecord record = new TrialRecord(directory.journal(), noun, METRIC);
    for (int trial = 0; trial < 3; trial++) {
      Trial begun = new Trial(trial, new Sample(new double[0], new TreeMap<>(), null));
      Assignment assignment = new Assignment(trial, 0, 2, 0);
      record.begun(begun, assignment);
      if (trial < 2) {
        record.ended(begun, assignment, TrialResult.without(TrialState.COMPLETED, ""), 1);
      }
    }
  }

  @Test
  void aSearchWhoseProcessIsDeadIsNotSaidToRun() {
    try (SearchDirectory directory = SearchDirectory.open(opening(), HADOOP, () -> {})) {
      record(directory, "trial");
      TrialsStatus status = new TrialsStatus(directory, "trial", METRIC, "search");
      assertThat(status.isAtRest()).isTrue();
      assertThat(status.table())
          .contains("2 completed")
          .contains(
              "not ended, and no process is at work; 1 trial that was under way was interrupted; go"
                  + " on with: convoy search --resume file:"
                  + temporary)
          .contains("interrupted")
          .doesNotContain("running");
    }
  }

  @Test
  void aSearchAtWorkSaysWho() {
    try (DirectoryLock lock = DirectoryLock.acquire(temporary.toString(), HADOOP, "search");
        SearchDirectory directory = SearchDirectory.open(opening(), HADOOP, lock::checkHeld)) {
      record(directory, "trial");
      TrialsStatus status = new TrialsStatus(directory, "trial", METRIC, "search");
      assertThat(status.isAtRest()).isFalse();
      assertThat(status.table())
          .contains("not ended, at work: ")
          .contains("process " + ProcessHandle.current().pid())
          .contains("; under way: 1;")
          .contains("running");
    }
  }

  @Test
  void anEnsembleSaysWhatItsMembersHaveComeTo() {
    try (EnsembleDirectory directory = EnsembleDirectory.open(opening(), HADOOP, () -> {})) {
      record(directory, "member");
    }
    // Also where the command for searches is asked.
    try (RunsDirectory directory =
        RunsDirectory.existing(temporary.toString(), HADOOP, SearchDirectory::existing)) {
      assertThat(directory).isInstanceOf(EnsembleDirectory.class);
      assertThat(new TrialsStatus(directory, "member", METRIC, "ensemble").table())
          .contains("2 completed", "1 member that was", "convoy ensemble --resume");
    }
  }

  @Test
  void theDirectoryOfOneRunIsNamedAsSuch() throws Exception {
    try (RunDirectory run = RunDirectory.open(Experiments.of(temporary), HADOOP, () -> {})) {
      run.write(RunDirectory.snapshot(1), out -> out.write(1));
      java.nio.file.Files.writeString(temporary.resolve("metrics.jsonl"), "");
    }
    assertThatThrownBy(
            () -> RunsDirectory.existing(temporary.toString(), HADOOP, SearchDirectory::existing))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("found that of one run");
    assertThatThrownBy(
            () -> RunsDirectory.existing(temporary + "/no", HADOOP, SearchDirectory::existing))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Cannot find a search in");
  }
}
