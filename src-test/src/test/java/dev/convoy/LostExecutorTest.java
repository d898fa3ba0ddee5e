package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs in one process and on two executors of their own, of which one is lost, end with the same
 * parameters to the bit: so every example is augmented the same way in an epoch, whichever executor
 * does it.
 */
class LostExecutorTest {
  private static final String EXPERIMENT = Runs.experiment("slow-rounds.conf");
  private static final String AUGMENT =
      "augment=[{name=random-crop, padding=2}, {name=rotate}, {name=elastic},"
          + " {name=gaussian-noise}, {name=random-erasing}, {name=mixup}]";
  private static final String BACKEND = "CoarseGrainedExecutorBackend";
  private static final Pattern BEGUN_TASK = Pattern.compile("Starting task .*?, executor (\\d+),");

  private static final String KEPT = "averaging={optimizer-state=keep, compression=8-bit}";

  private static RunFiles undisturbed;

  @BeforeAll
  static void trainUndisturbed() {
    undisturbed = trainLocally("undisturbed", "averaging.strategy=mean");
  }

  private static RunFiles trainLocally(String name, String averaging) {
    RunFiles run = Runs.newRun(name);
    Ended local = Command.run("train", EXPERIMENT, AUGMENT, run.argument(), averaging);
    assertThat(local.exitCode()).as(local.messages()).isZero();
    return run;
  }

  /** Where executors average, the lost one also had slices of the parameters. */
  @ParameterizedTest
  @ValueSource(strings = {"averaging.route=driver", "averaging.route=executors"})
  void anExecutorLostInTheMiddleOfARoundChangesNothing(String averaging) {
    loseAnExecutor(averaging, undisturbed);
  }

  /** Nobody else has what its worker kept: the run goes back to its latest checkpoint. */
  @Test
  void norDoesOneThatTakesAlongWhatItsWorkerKept() {
    String messages = loseAnExecutor(KEPT, trainLocally("undisturbed-kept", KEPT));
    assertThat(messages).contains("lost with their executors: parameters; going back");
  }

  private static String loseAnExecutor(String averaging, RunFiles undisturbed) {
    RunFiles run = Runs.newRun("lost-executor");
    try (Application application =
        Application.start(
            Map.of("CONVOY_LOG_LEVEL", "INFO"),
            "train",
            EXPERIMENT,
            AUGMENT,
            run.argument(),
            averaging,
            Application.TWO_EXECUTORS)) {
      application.await("a round", () -> run.checkpointedRounds() >= 1);
      List<ProcessHandle> executors = executors(application);
      assertThat(executors).as("executors").hasSize(2);
      int begun = begunTasks(application).size();
      application.await("the next round", () -> begunTasks(application).size() > begun);
      String busy = begunTasks(application).get(begun);
      executors.stream()
          .filter(executor -> commandLine(executor).contains("--executor-id " + busy + " "))
          .findFirst()
          .orElseThrow()
          .destroyForcibly();
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages())
          .contains("Lost executor " + busy)
          .containsPattern("Lost task|failed because while it was being computed");
      assertThat(ended.complaints())
          .anyMatch(
              line -> line.matches("executor [01] on .+ lost \\(.+\\), going on with 1 executor"));
      assertThat(run.parameters()).isEqualTo(undisturbed.parameters());
      assertThat(run.summary().path("examples")).isEqualTo(undisturbed.summary().path("examples"));
      return ended.messages();
    }
  }

  /** The executors of the tasks that have begun, in order. */
  private static List<String> begunTasks(Application application) {
    return BEGUN_TASK.matcher(application.messages()).results().map(task -> task.group(1)).toList();
  }

  /** Not what an executor starts, which has its command line until it becomes another program. */
  private static List<ProcessHandle> executors(Application application) {
    return application
        .handle()
        .descendants()
        .filter(LostExecutorTest::isExecutor)
        .filter(process -> process.parent().filter(LostExecutorTest::isExecutor).isEmpty())
        .toList();
  }

  private static boolean isExecutor(ProcessHandle process) {
    return commandLine(process).contains(BACKEND);
  }

  private static String commandLine(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }
}
