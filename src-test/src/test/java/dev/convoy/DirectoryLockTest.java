package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DirectoryLockTest {
  private static final int IN_USE = 75;
  private static final String EXPERIMENT = Runs.experiment("reference.conf");

  @Test
  void theSecondOfTwoInOneDirectoryIsRefusedAndGoesOnAtOnceWhenTheFirstWasKilled() {
    RunFiles run = Runs.newRun("locked");
    try (Application first = Application.start("train", EXPERIMENT, run.argument())) {
      first.await("4 rounds", () -> run.checkpointedRounds() >= 4);
      // So that it cannot end before the second has looked.
      first.suspend();
      Ended second = Application.run("train", EXPERIMENT, run.argument());
      assertThat(second.exitCode()).as(second.messages()).isEqualTo(IN_USE);
      assertThat(second.output()).isEmpty();
      assertThat(second.complaints())
          .singleElement()
          .asString()
          .startsWith("Cannot use file:" + run.directory() + ": another convoy is at work there (")
          .contains(", process " + first.handle().pid() + ", since ")
          .endsWith("). Wait for it, or choose another with output=…");
      first.kill();
    }
    assertThat(run.directory().resolve(".lock")).exists();

    Ended again = Command.run("train", EXPERIMENT, run.argument());
    assertThat(again.exitCode()).as(again.messages()).isZero();
    assertThat(again.messages()).contains("going on after round");
    assertThat(run.parameters()).isEqualTo(Runs.reference().parameters());
    assertThat(run.directory()).isDirectoryNotContaining("glob:**/.lock*");
  }
}
