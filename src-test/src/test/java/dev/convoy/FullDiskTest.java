package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FullDiskTest {
  private static final String EXPERIMENT = Runs.experiment("reference.conf");
  private static final int SMALL = 40;
  private static final int LARGE = 200;

  @Test
  void aRunThatFillsItsDiskSaysSoAndGoesOnOnceThereIsRoom() {
    assumeTrue(SmallDisk.isPossible(), "needs the right to mount a file system of limited size");
    Path directory = Runs.newDirectory("disk");
    try (SmallDisk disk = new SmallDisk(directory, SMALL)) {
      RunFiles run = new RunFiles(directory.resolve("run"));
      Ended full = Command.run("train", EXPERIMENT, run.argument(), "checkpoint.keep=1000");
      assertThat(full.exitCode()).as(full.messages()).isEqualTo(1);
      assertThat(full.complaints())
          .singleElement()
          .asString()
          .contains("Cannot write a checkpoint in file:" + run.directory())
          .contains("make room", "same command");
      assertThat(run.checkpointedRounds()).as("whole checkpoints").isPositive();
      assertThat(run.isCheckpointUnderWay()).isFalse();

      disk.resize(LARGE);
      Ended ended = Command.run("train", EXPERIMENT, run.argument());
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages()).contains("going on after round");
      assertThat(run.parameters()).isEqualTo(Runs.reference().parameters());
    }
  }
}
