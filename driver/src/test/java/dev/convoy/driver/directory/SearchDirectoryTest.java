package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchDirectoryTest {
  @TempDir Path temporary;

  private DirectoryClaim claim() {
    return new DirectoryClaim(
        "file://" + temporary,
        new EffectiveText("a = 1", "a = 1", "a = 1"),
        false,
        UnaryOperator.identity());
  }

  @Test
  void nothingIsRemovedBeforeTheRecordTellsOfItWhereFilesCannotGrow() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", JournalTest.NoAppend.class, FileSystem.class);
    DirectoryClaim claim = claim();
    Path checkpoint = temporary.resolve("trials/000001/checkpoints/000001/state.json");
    try (SearchDirectory directory = SearchDirectory.open(claim, hadoop, () -> {})) {
      Files.createDirectories(checkpoint.getParent());
      Files.writeString(checkpoint, "{}");
      for (int trial = 0; trial < 2; trial++) {
        directory.journal().append(JsonNodeFactory.instance.objectNode().put("trial", trial));
      }
      directory.deleteCheckpoints(1, 0);
      assertThat(checkpoint).doesNotExist();
      assertThat(Files.readAllLines(temporary.resolve(SearchDirectory.TRIALS)))
          .containsExactly("{\"trial\":0}", "{\"trial\":1}");
    }
  }

  @Test
  void aRunThatCannotBeOpenedIsTheFaultOfTheFilesAndCanGoOn() throws IOException {
    Path run = temporary.resolve("trials/000000");
    RunConfiguration configuration = Experiments.of(run);
    try (SearchDirectory directory = SearchDirectory.open(claim(), new Configuration(), () -> {})) {
      Files.createDirectories(run.getParent());
      Files.writeString(run, "in the way");
      assertThatThrownBy(() -> directory.openRun(configuration))
          .isInstanceOf(OutputException.class)
          .hasMessageStartingWith("Cannot open " + run + ": a file is in the way.")
          .hasMessageEndingWith("then give the same command again to go on.");
      Files.delete(run);
      directory.openRun(configuration).close();
    }
  }

  @Test
  void aDirectoryOfADifferentRunIsRefused() throws IOException {
    Path run = temporary.resolve("trials/000000");
    try (SearchDirectory directory = SearchDirectory.open(claim(), new Configuration(), () -> {})) {
      directory.openRun(Experiments.of(run)).close();
      Files.writeString(run.resolve(RunDirectory.METRICS), "{}");
      assertThatThrownBy(() -> directory.openRun(Experiments.of(run, "seed=7")))
          .isInstanceOf(ConfigurationException.class);
    }
  }
}
