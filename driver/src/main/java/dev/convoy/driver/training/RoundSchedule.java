package dev.convoy.driver.training;

import dev.convoy.data.batch.EpochPlan;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Position;
import dev.convoy.worker.training.RoundTask;
import java.util.Arrays;

/** How a run's epochs are cut into rounds. Driver only. */
final class RoundSchedule {
  /** Batches of a round that lasts until an epoch ends. */
  private static final int WHOLE_EPOCH = Integer.MAX_VALUE;

  /**
   * What a share of an epoch may be above whole rounds: more than its rounding, less than a step.
   */
  private static final double ROUNDING = 1e-9;

  private final RunConfiguration configuration;
  private final int largestShard;
  private final long stepsPerEpoch;
  private final AveragingFrequency frequency;

  /**
   * The schedule of a run.
   *
   * @param shardSizes examples that each worker trains in an epoch
   */
  RoundSchedule(RunConfiguration configuration, int[] shardSizes) {
    RunConfiguration.Training training = configuration.training();
    this.configuration = configuration;
    this.largestShard = Arrays.stream(shardSizes).max().orElse(0);
    this.stepsPerEpoch = -Math.floorDiv(-largestShard, training.batchSize());
    this.frequency =
        new AveragingFrequency(
            training.averaging().isStock() ? WHOLE_EPOCH : training.averagingFrequency(),
            training.averaging().frequency(),
            stepsPerEpoch);
  }

  /** Batches of an epoch on the worker that has most. */
  long stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /** Batches of a round in an epoch, counted from 0, where nothing is adapted. */
  int batches(int epoch) {
    return frequency.of(epoch);
  }

  /** Batches of a round in the epoch after one that has ended. */
  int batchesAfter(TrainingState state) {
    return frequency.after(
        state.position().epoch(), state.position().batches(), state.totals().epoch());
  }

  /** Which examples the rounds of an epoch train. */
  EpochPlan plan(Position position) {
    return plan(position.batches());
  }

  private EpochPlan plan(int batchesOfRound) {
    RunConfiguration.Training training = configuration.training();
    return new EpochPlan(
        configuration.seed(), training.repeats(), training.batchSize(), batchesOfRound);
  }

  /** Rounds of an epoch. */
  int rounds(Position position) {
    return plan(position).rounds(largestShard);
  }

  /** Whether all rounds of the epoch are trained. */
  boolean epochEnds(Position position) {
    return position.round() == rounds(position);
  }

  /** Rounds of the first epochs, where the averaging frequency does not depend on measurements. */
  long roundsBefore(double epochs) {
    int averagedOften = configuration.training().averaging().frequency().everyBatchEpochs();
    double first = plan(batches(0)).rounds(largestShard);
    double later = plan(batches(averagedOften)).rounds(largestShard);
    double whole = Math.floor(epochs);
    double often = Math.min(whole, averagedOften);
    double next = whole < averagedOften ? first : later;
    double partial = Math.ceil((epochs - whole) * next - ROUNDING);
    return (long) (often * first + (whole - often) * later + partial);
  }

  /**
   * What workers are told of the round at a position.
   *
   * @param rateShare what the schedule's learning rate is multiplied by
   */
  RoundTask task(Position position, double rateShare) {
    return new RoundTask(
        position.epoch(),
        position.round(),
        position.batches(),
        0,
        position.epoch() * stepsPerEpoch + (long) position.round() * position.batches(),
        stepsPerEpoch,
        rateShare,
        configuration.training().averaging().deadlineSeconds().orElse(Double.POSITIVE_INFINITY));
  }
}
