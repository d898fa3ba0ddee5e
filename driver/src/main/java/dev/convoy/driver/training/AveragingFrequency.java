package dev.convoy.driver.training;

import dev.convoy.driver.configuration.RunConfiguration.FrequencySettings;
import dev.convoy.driver.state.TrainingState.EpochTotals;

/**
 * How many batches a round has, epoch by epoch: one in the first epochs of post-local SGD (Lin et
 * al., "Don't Use Large Mini-Batches, Use Local SGD", 2020), and then the configured number, or
 * what the last epoch's measurements suggest. Driver only.
 *
 * <p>A round costs s seconds of synchronisation however many batches it has, and each batch c
 * seconds of computing, in which waiting for the slowest worker is counted. Synchronisation is the
 * share t of the time with H = s·(1 − t) / (t·c) batches.
 *
 * @param configured batches of a round
 * @param stepsPerEpoch batches of an epoch on the worker that has most
 */
record AveragingFrequency(int configured, FrequencySettings settings, long stepsPerEpoch) {
  /** Measurements of one epoch are not trusted further than this. */
  private static final int LARGEST_CHANGE = 4;

  /** In an epoch, counted from 0, where nothing is adapted. */
  int of(int epoch) {
    return epoch < settings.everyBatchEpochs() ? 1 : configured;
  }

  /**
   * In the epoch after one that has ended.
   *
   * @param epoch that has ended, counted from 0
   * @param now batches of a round in it
   * @param measured what it has come to
   */
  int after(int epoch, int now, EpochTotals measured) {
    boolean adapts =
        settings.adaptive().isPresent()
            && epoch >= settings.everyBatchEpochs()
            && measured.computeSeconds() > 0;
    return adapts ? adapted(now, measured) : of(epoch + 1);
  }

  private int adapted(int now, EpochTotals measured) {
    FrequencySettings.Adaptive bounds = settings.adaptive().orElseThrow();
    double synchronising = Math.max(0, measured.roundSeconds() - measured.computeSeconds());
    double wanted =
        now * synchronising / measured.computeSeconds() * (1 - bounds.share()) / bounds.share();
    double near =
        Math.min((double) now * LARGEST_CHANGE, Math.max((double) now / LARGEST_CHANGE, wanted));
    long rounded = Math.round(Math.ceil(near));
    return (int)
        Math.max(bounds.smallest(), Math.min(bounds.largest(), Math.min(stepsPerEpoch, rounded)));
  }
}
