package dev.convoy.driver.training;

import dev.convoy.data.Text;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.FrequencySettings;
import java.util.List;
import java.util.Optional;

/**
 * How much of a run's rounds was not computing: parameters that were sent, averaged and waited for.
 * Its cost per round does not depend on how many batches a round has, so that a round of H batches,
 * of which it is the share s, would have to have H·(s / (1 − s))·((1 − t) / t) for a share of t.
 *
 * @param share of the time, in [0, 1]
 */
record Synchronisation(double share) {
  private static final double WORTH_SAYING = 0.15;
  private static final double GOOD = 0.1;

  /** Of the rounds' lines in metrics.jsonl. */
  static Synchronisation of(List<RoundLine> rounds) {
    double seconds = rounds.stream().mapToDouble(RoundLine::seconds).sum();
    double computing = rounds.stream().mapToDouble(RoundLine::computeSeconds).sum();
    return new Synchronisation(seconds > 0 ? Math.max(0, 1 - computing / seconds) : 0);
  }

  /**
   * Whether all rounds have as many batches as {@code training.averaging-frequency} says, so that
   * there is something to advise.
   */
  static boolean dependsOnFrequency(RunConfiguration.Averaging averaging) {
    return averaging.frequency().equals(FrequencySettings.fixed())
        && !averaging.isStock()
        && !averaging.sendsGradients();
  }

  /**
   * What a person is told at the end of a run; empty if it is not worth it.
   *
   * @param frequency batches of a round
   * @param stepsPerEpoch batches of an epoch on the worker that has most
   */
  Optional<String> advice(int frequency, long stepsPerEpoch) {
    if (share < WORTH_SAYING || frequency >= stepsPerEpoch) {
      return Optional.empty();
    }
    double ofComputing = share / (1 - share);
    long wanted = (long) Math.ceil(frequency * ofComputing * (1 - GOOD) / GOOD);
    long possible = Math.min(wanted, stepsPerEpoch);
    double then = ofComputing * frequency / possible;
    return Optional.of(
        Text.of(
            "synchronising took %.0f %% of the rounds' time: training.averaging-frequency = %d would"
                + " make it %.0f %%",
            100 * share, possible, 100 * then / (1 + then)));
  }
}
