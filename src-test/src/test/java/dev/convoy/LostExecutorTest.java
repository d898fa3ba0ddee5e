package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LostExecutorTest {
  private static final String EXPERIMENT = Runs.experiment("slow-rounds.conf");
  private static final String BACKEND = "CoarseGrainedExecutorBackend";

  @Test
  void anExecutorLostInTheMiddleOfARoundChangesNothing() throws InterruptedException {
    RunFiles undisturbed = Runs.newRun("undisturbed");
    Ended local = Command.run("train", EXPERIMENT, undisturbed.argument());
    assertThat(local.exitCode()).as(local.messages()).isZero();

    RunFiles run = Runs.newRun("lost-executor");
    try (Application application =
        Application.start(
            Map.of("CONVOY_LOG_LEVEL", "WARN"),
            "train",
            EXPERIMENT,
            run.argument(),
            "spark.master=\"local-cluster[2,1,600]\"",
            "spark.conf.spark.executor.memory=600m")) {
      application.await("a round", () -> run.checkpointedRounds() >= 1);
      List<ProcessHandle> executors = executors(application);
      assertThat(executors).as("executors").hasSize(2);
      // The next round begins at once and lasts several times as long.
      Thread.sleep(100);
      executors.get(0).destroyForcibly();
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages()).contains("Lost executor", "Lost task");
      assertThat(ended.complaints())
          .anyMatch(
              line -> line.matches("executor [01] on .+ lost \\(.+\\), going on with 1 executor"));
    }
    assertThat(run.parameters()).isEqualTo(undisturbed.parameters());
    assertThat(run.summary().path("examples")).isEqualTo(undisturbed.summary().path("examples"));
  }

  private static List<ProcessHandle> executors(Application application) {
    return application
        .handle()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(BACKEND))
        .toList();
  }
}
