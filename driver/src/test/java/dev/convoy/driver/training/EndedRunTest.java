package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.directory.RunDirectory;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedRunTest {
  @TempDir Path temporary;

  @Test
  void aRunThatHasEndedSaysHowAndWhatTrainsItAgain() {
    assertThat(notice("completed"))
        .isEqualTo(
            "this run has ended before (completed); its summary follows (to train it again, remove"
                + " file:"
                + temporary.resolve("run")
                + ")");
  }

  /** The limit is no part of what a run is, so that another one finds the same run. */
  @Test
  void aRunThatATimeLimitEndedSaysThatAnotherLimitChangesNothing() {
    assertThat(notice("time-limit"))
        .startsWith(
            "this run has ended before (time-limit), and another training.max-minutes does not"
                + " continue it; its summary follows (to train it longer, remove file:"
                + temporary.resolve("run")
                + " and give the same command")
        .contains("transfer.model=file:" + temporary.resolve("run"));
  }

  private String notice(String status) {
    try (RunDirectory directory =
        RunDirectory.open(
            Experiments.of(temporary.resolve("run")), new Configuration(false), () -> {})) {
      return new EndedRun(directory, JsonNodeFactory.instance.objectNode().put("status", status))
          .notice();
    }
  }
}
