package dev.convoy.worker.training;

/**
 * Which part of which epoch to train.
 *
 * @param epoch counted from 0
 * @param round in the epoch, counted from 0
 * @param shard counted from 0
 * @param firstStep steps of the whole run before this round
 * @param stepsPerEpoch steps in an epoch: batches of the largest shard
 */
public record RoundTask(int epoch, int round, int shard, long firstStep, long stepsPerEpoch) {}
