package dev.convoy.worker.training;

import java.io.Serializable;

/**
 * Which part of which epoch to train. Travels to executors.
 *
 * @param epoch counted from 0
 * @param round in the epoch, counted from 0
 * @param batches of a round in this epoch, at least 1
 * @param shard counted from 0
 * @param firstStep steps of the whole run before this round
 * @param stepsPerEpoch steps in an epoch: batches of the largest shard
 * @param rateShare what the schedule's learning rate is multiplied by in this round, in (0, 1]
 * @param maxSeconds after which one more batch is begun at most, the one that is measured; infinite
 *     for all batches of the round
 */
public record RoundTask(
    int epoch,
    int round,
    int batches,
    int shard,
    long firstStep,
    long stepsPerEpoch,
    double rateShare,
    double maxSeconds)
    implements Serializable {
  /** Steps of the round on the largest shard: its batches, or what is left of the epoch. */
  public long steps() {
    return Math.min(batches, (epoch + 1) * stepsPerEpoch - firstStep);
  }

  /** The same part of another shard. */
  public RoundTask of(int otherShard) {
    return new RoundTask(
        epoch, round, batches, otherShard, firstStep, stepsPerEpoch, rateShare, maxSeconds);
  }
}
