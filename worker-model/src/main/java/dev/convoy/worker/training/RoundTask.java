package dev.convoy.worker.training;

/**
 * Which part of which epoch to train.
 *
 * @param epoch counted from 0
 * @param round in the epoch, counted from 0
 * @param shard counted from 0
 * @param firstStep steps of the whole run before this round
 * @param stepsPerEpoch steps in an epoch: batches of the largest shard
 * @param rateShare what the schedule's learning rate is multiplied by in this round, in (0, 1]
 */
public record RoundTask(
    int epoch, int round, int shard, long firstStep, long stepsPerEpoch, double rateShare) {
  /** At the schedule's rate. */
  public RoundTask(int epoch, int round, int shard, long firstStep, long stepsPerEpoch) {
    this(epoch, round, shard, firstStep, stepsPerEpoch, 1);
  }
}
