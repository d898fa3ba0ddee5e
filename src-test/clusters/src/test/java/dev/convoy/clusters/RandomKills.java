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
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Drivers and executors of a cluster killed at random moments, in one run after the other: each
 * comes to the same parameters, loses no round that it had finished, and leaves the same files.
 */
final class RandomKills {
  private static final Pattern GOING_ON = Pattern.compile("going on after round (\\d+),");
  private static final List<String> COMMAND =
      List.of("train", Runs.experiment("slow-rounds.conf"), "training.epochs=12");

  private static final long POLL_MILLIS = 20;

  private RandomKills() {}

  /** The command of all runs, with where their output goes. */
  static String[] command(String output) {
    return Stream.concat(COMMAND.stream(), Stream.of(output)).toArray(String[]::new);
  }

  /**
   * Disturbs runs until the schedule is done.
   *
   * @param cluster for people
   * @param start begins the run with that number
   */
  static void disturb(String cluster, IntFunction<DisturbedRun> start)
      throws IOException, InterruptedException {
    RunFiles expected = Runs.newRun("undisturbed");
    Ended alone = Application.run(command(expected.argument()));
    assertThat(alone.exitCode()).as(alone.messages()).isZero();

    KillSchedule schedule = new KillSchedule(cluster);
    for (int number = 0; schedule.goesOn(); number++) {
      try (DisturbedRun run = start.apply(number)) {
        disturb(run, schedule, rounds(expected).size());
        RunFiles files = run.files();
        assertThat(files.parameters()).as(schedule.toString()).isEqualTo(expected.parameters());
        assertThat(rounds(files)).as(schedule.toString()).isEqualTo(rounds(expected));
        assertThat(names(files.directory()))
            .as(schedule.toString())
            .isEqualTo(names(expected.directory()));
      }
    }
    System.out.println(cluster + ": " + schedule.done() + " kills");
  }

  /** Kills until the schedule is done or the run has ended. */
  private static void disturb(DisturbedRun run, KillSchedule schedule, int rounds)
      throws InterruptedException {
    int finished = 0;
    while (schedule.goesOn() && !endsBeforeTheNext(run, schedule)) {
      if (schedule.nextIsDriver()) {
        requireNoneLost(run, finished);
        int before = run.checkpointedRounds();
        if (run.killDriver()) {
          finished = before;
          schedule.killed();
        }
      } else {
        List<ProcessHandle> executors = run.executors().toList();
        if (!executors.isEmpty()) {
          executors.get(schedule.nextOf(executors.size())).destroyForcibly();
          schedule.killed();
        }
      }
    }
    Ended ended = run.end();
    assertThat(ended.exitCode()).as(schedule + "\n" + ended.messages()).isZero();
    requireNoneLost(run, finished);
    if (finished > 0 && finished < rounds) {
      assertThat(wentOnAfter(run)).as(schedule.toString()).isPresent();
    }
  }

  private static boolean endsBeforeTheNext(DisturbedRun run, KillSchedule schedule)
      throws InterruptedException {
    if (schedule.nextIsAfterARound()) {
      int before = run.checkpointedRounds();
      while (run.checkpointedRounds() == before) {
        if (run.endsWithin(POLL_MILLIS)) {
          return true;
        }
      }
    }
    return run.endsWithin(schedule.nextPause());
  }

  /** What a driver that was killed had finished, the next one has; if it came so far. */
  private static void requireNoneLost(DisturbedRun run, int finished) {
    wentOnAfter(run).ifPresent(round -> assertThat(round).isGreaterThanOrEqualTo(finished));
  }

  private static Optional<Integer> wentOnAfter(DisturbedRun run) {
    return GOING_ON
        .matcher(run.driverMessages())
        .results()
        .findFirst()
        .map(found -> Integer.valueOf(found.group(1)));
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
