package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FullDiskTest {
  private static final String EXPERIMENT = Runs.experiment("reference.conf");

  @Test
  void aRunThatFillsItsDiskSaysSoAndGoesOnOnceThereIsRoom()
      throws IOException, InterruptedException {
    Path disk = Runs.newDirectory("disk");
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=40m", "convoy-test", disk.toString()),
        "needs the right to mount a file system of limited size");
    try {
      RunFiles run = new RunFiles(disk.resolve("run"));
      Ended full = Command.run("train", EXPERIMENT, run.argument(), "checkpoint.keep=1000");
      assertThat(full.exitCode()).as(full.messages()).isEqualTo(1);
      assertThat(full.complaints())
          .singleElement()
          .asString()
          .contains("Cannot write a checkpoint in file:" + run.directory())
          .contains("make room", "same command");
      assertThat(run.checkpointedRounds()).as("whole checkpoints").isPositive();
      assertThat(run.isCheckpointUnderWay()).isFalse();

      assertThat(succeeds("mount", "-o", "remount,size=200m", disk.toString())).isTrue();
      Ended ended = Command.run("train", EXPERIMENT, run.argument());
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages()).contains("going on after round");
      assertThat(run.parameters()).isEqualTo(Runs.reference().parameters());
    } finally {
      succeeds("umount", disk.toString());
    }
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
