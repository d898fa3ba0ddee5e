package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PreparedDataTest {
  @Test
  void preparedImagesTrainTheSameParametersAsTheirSource() {
    Path prepared = Runs.newDirectory("prepared").resolve("data");
    Ended preparation =
        Command.run(
            "prepare",
            Runs.experiment("reference.conf"),
            "output=" + prepared,
            // Another number of files than of shards in training.
            "training.workers=3");
    assertThat(preparation.exitCode()).as(preparation.messages()).isZero();

    RunFiles run = Runs.newRun("on-prepared");
    Ended training =
        Command.run(
            "train",
            Runs.experiment("reference.conf"),
            run.argument(),
            "data.format=shards",
            "data.train=" + prepared.resolve("train"),
            "data.test=" + prepared.resolve("test"));
    assertThat(training.exitCode()).as(training.messages()).isZero();
    assertThat(run.summary().path("examples"))
        .isEqualTo(Runs.reference().summary().path("examples"));
    assertThat(run.summary().path("test")).isEqualTo(Runs.reference().summary().path("test"));
    assertThat(run.parameters()).isEqualTo(Runs.reference().parameters());
  }
}
