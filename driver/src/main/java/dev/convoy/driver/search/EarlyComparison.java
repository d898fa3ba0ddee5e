package dev.convoy.driver.search;

import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.SearchSettings;
import dev.convoy.driver.termination.TerminationRule;
import dev.convoy.driver.termination.TerminationRules;
import dev.convoy.worker.schedule.LearningRate;
import dev.convoy.worker.schedule.Schedule;
import dev.convoy.worker.schedule.Schedules;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether trials are compared while their learning rate is still high. A schedule that falls
 * towards the end of the run, as one-cycle and cosine do, gives most of its accuracy after that:
 * what is ended early may be what would have won.
 */
final class EarlyComparison {
  private static final int STEPS_PER_EPOCH = 100;

  /** A little more, since an epoch's last step is a little before its end. */
  private static final double HALF = 0.51;

  private EarlyComparison() {}

  /** A warning that says what to set; empty where nothing contradicts itself. */
  static Optional<String> warning(SearchSettings settings, List<RunConfiguration> runs) {
    return runs.stream().flatMap(run -> warning(settings, run).stream()).findFirst();
  }

  private static Optional<String> warning(SearchSettings settings, RunConfiguration run) {
    Schedule schedule = Schedules.FAMILY.create(run.optimizer().schedule());
    TerminationRule rule = TerminationRules.FAMILY.create(settings.termination());
    int epochs = run.training().epochs();
    int first = rule.firstComparison(epochs);
    double[] rates = rates(schedule, epochs);
    if (first >= epochs
        || !followsTheRun(schedule, rates)
        || hasFallen(rates, first)
        || !hasFallen(rates, epochs)) {
      return Optional.empty();
    }
    int later =
        IntStream.range(first, epochs)
            .filter(epoch -> hasFallen(rates, epoch))
            .findFirst()
            .orElse(epochs);
    return Optional.of(
        "note: optimizer.schedule = "
            + run.optimizer().schedule().name()
            + " lowers the learning rate towards the end of training.epochs = "
            + epochs
            + ", but search.early-termination = "
            + settings.termination().name()
            + " compares trials after epoch "
            + first
            + ", when that says little of how they end. Set optimizer.schedule to constant or step,"
            + " search.early-termination.min-epochs to "
            + later
            + " or more, or search.early-termination to none.");
  }

  /** Whether the rate has been at its highest by the end of an epoch, and is half of it or less. */
  private static boolean hasFallen(double[] rates, int epoch) {
    double highest = Arrays.stream(rates).max().orElseThrow();
    double highestSoFar = Arrays.stream(rates).limit(epoch).max().orElseThrow();
    return highestSoFar == highest && rates[epoch - 1] <= HALF * highest;
  }

  /** Whether the rates would be others in a longer run. */
  private static boolean followsTheRun(Schedule schedule, double[] rates) {
    double[] longer = rates(schedule, 2 * rates.length);
    return !Arrays.equals(rates, Arrays.copyOf(longer, rates.length));
  }

  /** The rate at the end of each epoch. */
  private static double[] rates(Schedule schedule, int epochs) {
    LearningRate rate = new LearningRate(1, schedule, STEPS_PER_EPOCH, epochs);
    return IntStream.rangeClosed(1, epochs)
        .mapToDouble(epoch -> rate.at((long) epoch * STEPS_PER_EPOCH - 1))
        .toArray();
  }
}
