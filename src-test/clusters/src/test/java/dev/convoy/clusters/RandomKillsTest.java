package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers and executors of a standalone cluster killed at random moments, in one run after the
 * other: each comes to the same parameters, and loses no round that it had finished.
 */
class RandomKillsTest {
  private static final Pattern GOING_ON = Pattern.compile("going on after round (\\d+),");
  private static final String EPOCHS = "training.epochs=12";

  @TempDir private Path directory;

  @Test
  void everyRunComesToTheSameParameters() throws IOException, InterruptedException {
    String experiment = Runs.experiment("slow-rounds.conf");
    RunFiles expected = Runs.newRun("undisturbed");
    Ended alone = Application.run("train", experiment, EPOCHS, expected.argument());
    assertThat(alone.exitCode()).as(alone.messages()).isZero();

    KillSchedule schedule = new KillSchedule("standalone");
    try (StandaloneSpark cluster = new StandaloneSpark(directory, 2)) {
      while (schedule.goesOn()) {
        RunFiles run = Runs.newRun("killed");
        train(cluster, run, experiment, schedule);
        assertThat(run.parameters()).as(schedule.toString()).isEqualTo(expected.parameters());
        assertThat(rounds(run)).as(schedule.toString()).isEqualTo(rounds(expected));
        assertThat(names(run.directory()))
            .as(schedule.toString())
            .isEqualTo(names(expected.directory()));
      }
    }
    System.out.println("standalone: " + schedule.done() + " kills");
  }

  /** Kills what trains until the schedule is done or the run has ended by itself. */
  private static void train(
      StandaloneSpark cluster, RunFiles run, String experiment, KillSchedule schedule)
      throws InterruptedException {
    String[] command = {"train", experiment, EPOCHS, run.argument()};
    Application application = cluster.submit(List.of(), "", command);
    try {
      int finished = 0;
      while (schedule.goesOn() && !application.endsWithin(schedule.nextPause())) {
        if (schedule.nextIsDriver()) {
          requireGoneOnFrom(finished, application);
          finished = run.checkpointedRounds();
          application.kill();
          application.close();
          application = cluster.submit(List.of(), "", command);
        } else {
          List<ProcessHandle> executors = cluster.executors().toList();
          if (executors.isEmpty()) {
            continue;
          }
          executors.get(schedule.nextOf(executors.size())).destroyForcibly();
        }
        schedule.killed();
      }
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(schedule + "\n" + ended.messages()).isZero();
      requireGoneOnFrom(finished, application);
    } finally {
      application.close();
    }
  }

  /** What a driver that was killed had finished, the next one has; if it came so far. */
  private static void requireGoneOnFrom(int finished, Application application) {
    Optional<MatchResult> line = GOING_ON.matcher(application.messages()).results().findFirst();
    line.ifPresent(
        found -> assertThat(Integer.parseInt(found.group(1))).isGreaterThanOrEqualTo(finished));
  }

  private static List<Long> rounds(RunFiles run) {
    return run.lines("metrics.jsonl").stream()
        .filter(line -> line.path("type").asText().equals("round"))
        .map(line -> line.path("round").asLong())
        .toList();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(file -> directory.relativize(file).toString()).sorted().toList();
    }
  }
}
