package dev.convoy.driver.search;

import com.typesafe.config.Config;
import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.DirectoryLock;
import dev.convoy.driver.directory.OutputException;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.termination.CurvePoint;
import dev.convoy.driver.trial.Objective;
import dev.convoy.driver.trial.Slots;
import dev.convoy.driver.trial.Trial;
import dev.convoy.driver.trial.TrialResult;
import dev.convoy.driver.trial.TrialResult.Score;
import dev.convoy.driver.trial.TrialState;
import dev.convoy.driver.trial.TrialsOutcome;
import dev.convoy.driver.trial.TrialsOutcome.Status;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * A search whose trials take a given time and train nothing: the search's own loop, scheduler,
 * slots, lock, journal and report without Spark. It is here for the search's package-private
 * classes.
 *
 * @param configuration an experiment with a space, as {@code convoy search} takes it
 * @param output the search's directory; must not hold another search
 * @param trials of the search, at least 1
 * @param parallelTrials at once, at least 1
 * @param trialMillis that a trial takes, at least 0
 */
public record StubSearch(
    Path configuration, Path output, int trials, int parallelTrials, long trialMillis) {
  private static final int EPOCHS = 9;
  private static final double BEST_DECADE = -2;

  /**
   * How long a search took.
   *
   * @param searchSeconds from before the first trial until the last has been recorded
   * @param reportSeconds of leaderboard, importance and report after that
   */
  public record Times(double searchSeconds, double reportSeconds) {}

  /**
   * Searches.
   *
   * @param messages what a person would see of the search
   * @param begun is told how many trials have begun, on the thread of the last of them
   * @throws BenchmarkException if a trial did not complete, or the directory cannot be used
   */
  public Times run(PrintStream messages, IntConsumer begun) {
    try {
      SearchDefinition definition = definition();
      Configuration hadoop = new Configuration();
      try (DirectoryLock lock = DirectoryLock.acquire(output.toString(), hadoop, "search");
          SearchDirectory directory = directory(definition, hadoop, lock)) {
        return run(definition, directory, new Progress(messages, false), begun);
      }
    } catch (ConfigurationException | OutputException e) {
      throw new BenchmarkException("Cannot measure the scheduling: " + e.getMessage(), e);
    }
  }

  private SearchDefinition definition() {
    return SearchDefinition.of(
        WrittenConfiguration.read(configuration.toString(), List.of("search.trials=" + trials)));
  }

  private SearchDirectory directory(
      SearchDefinition definition, Configuration hadoop, DirectoryLock lock) {
    return SearchDirectory.open(
        new DirectoryClaim(
            output.toString(), definition.text(), false, SearchDefinition::identityOf),
        hadoop,
        lock::checkHeld);
  }

  private Times run(
      SearchDefinition definition,
      SearchDirectory directory,
      Progress progress,
      IntConsumer begun) {
    long start = System.nanoTime();
    SearchResults results = new SearchResults(definition, directory, workers -> 1);
    Slots slots = new Slots(parallelTrials, () -> parallelTrials);
    SearchLoop search =
        new SearchLoop(definition, directory, new Stub(trialMillis, begun), slots, progress);
    TrialsOutcome outcome = search.run(results);
    long ended = System.nanoTime();
    results.conclude(outcome, search.record(), Optional.empty());
    long reported = System.nanoTime();
    check(outcome, search.record().trials().counts().getOrDefault(TrialState.COMPLETED, 0L));
    return new Times((ended - start) / 1e9, (reported - ended) / 1e9);
  }

  private void check(TrialsOutcome outcome, long completed) {
    if (outcome.status() != Status.COMPLETED || completed != trials) {
      throw new BenchmarkException(
          String.format(
              Locale.ROOT,
              "Cannot measure the scheduling: expected %d completed trials, found %d; %s says why",
              trials,
              completed,
              output.resolve("trials.jsonl")));
    }
  }

  /** Sleeps; its accuracy falls with the learning rate's distance from 0.01 in decades. */
  private record Stub(long millis, IntConsumer begun) implements Objective {
    @Override
    public int workers(Trial trial) {
      return 1;
    }

    @Override
    public TrialResult train(Trial trial, int epochs, int slot, Oversight oversight) {
      begun.accept(trial.number() + 1);
      sleep();
      double quality = quality(trial.sample().configuration());
      List<CurvePoint> curve =
          IntStream.rangeClosed(1, EPOCHS)
              .mapToObj(epoch -> new CurvePoint(epoch, quality * (1 - Math.pow(2, -epoch))))
              .toList();
      double best = curve.get(EPOCHS - 1).metric();
      Score score = new Score(OptionalDouble.of(best), OptionalDouble.empty(), EPOCHS);
      return new TrialResult(TrialState.COMPLETED, EPOCHS, EPOCHS, score, curve, "");
    }

    private void sleep() {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BenchmarkException("Interrupted while a trial slept.", e);
      }
    }

    private static double quality(Config trial) {
      double decade = Math.log10(trial.getDouble("optimizer.learning-rate"));
      return 1 / (1 + Math.abs(decade - BEST_DECADE));
    }
  }
}
