package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepeatabilityTest {
  private static final String EXPERIMENT = Runs.experiment("reference.conf");
  private static final int ROUNDS = 3 * 14;

  @Test
  void theSameConfigurationGivesTheSameParameters() {
    RunFiles run = Runs.newRun("again");
    Ended ended = Command.run("train", EXPERIMENT, run.argument());
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(run.parameters()).hasSize(64).isEqualTo(Runs.reference().parameters());
    assertThat(Runs.reference().summary().path("rounds").asInt()).isEqualTo(ROUNDS);
  }

  @Test
  void anotherSeedGivesOtherParameters() {
    RunFiles run = Runs.newRun("other-seed");
    Ended ended = Command.run("train", EXPERIMENT, run.argument(), "seed=2");
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(run.parameters()).hasSize(64).isNotEqualTo(Runs.reference().parameters());
  }

  @Test
  void aDriverKilledAgainAndAgainEndsWithTheSameParametersAndEveryRoundInTheMetricsOnce() {
    RunFiles run = Runs.newRun("killed");
    killBeforeTheFirstCheckpoint(run);
    killInARound(run, 8);
    killWhileACheckpointIsWritten(run, 14);
    killInARound(run, 20);
    Ended ended = Application.run("train", EXPERIMENT, run.argument());
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(ended.messages()).contains("going on after round");
    assertThat(run.parameters()).isEqualTo(Runs.reference().parameters());
    assertThat(roundsIn(run)).isEqualTo(IntStream.rangeClosed(1, ROUNDS).boxed().toList());
    assertThat(run.summary().path("examples").path("seen").asInt())
        .isEqualTo(3 * run.summary().path("examples").path("train").asInt());
    assertThat(run.isCheckpointUnderWay()).isFalse();
  }

  @Test
  void anInterruptedRunSaysHowToGoOnAndDoes() {
    RunFiles run = Runs.newRun("interrupted");
    try (Application application = Application.start("train", EXPERIMENT, run.argument())) {
      application.await("4 rounds", () -> run.checkpointedRounds() >= 4);
      assumeTrue(application.interrupt(), "needs a shell that does not ignore SIGINT");
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(130);
      assertThat(ended.complaints())
          .singleElement()
          .asString()
          .contains("interrupted", "the same command", run.directory().toString());
    }
    assertThat(run.checkpointedRounds()).isBetween(4, ROUNDS - 1);
    Ended ended = Command.run("train", EXPERIMENT, run.argument());
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(ended.messages()).contains("going on after round");
    assertThat(run.parameters()).isEqualTo(Runs.reference().parameters());
  }

  private static void killBeforeTheFirstCheckpoint(RunFiles run) {
    try (Application application = Application.start("train", EXPERIMENT, run.argument())) {
      application.await("config.conf", () -> Files.exists(run.directory().resolve("config.conf")));
      application.kill();
    }
  }

  private static void killInARound(RunFiles run, int rounds) {
    try (Application application = Application.start("train", EXPERIMENT, run.argument())) {
      application.await(rounds + " rounds", () -> run.checkpointedRounds() >= rounds);
      application.kill();
    }
    assertThat(run.checkpointedRounds()).isBetween(rounds, ROUNDS - 1);
  }

  private static void killWhileACheckpointIsWritten(RunFiles run, int rounds) {
    try (Application application = Application.start("train", EXPERIMENT, run.argument())) {
      application.await(
          "a checkpoint after " + rounds + " rounds",
          () -> run.checkpointedRounds() >= rounds && run.isCheckpointUnderWay());
      application.kill();
    }
    assertThat(run.checkpointedRounds()).isBetween(rounds, ROUNDS - 1);
  }

  private static List<Integer> roundsIn(RunFiles run) {
    return run.lines("metrics.jsonl").stream()
        .filter(line -> line.path("type").asText().equals("round"))
        .map((JsonNode line) -> line.path("round").asInt())
        .toList();
  }
}
