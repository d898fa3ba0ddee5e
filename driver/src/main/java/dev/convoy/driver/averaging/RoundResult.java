package dev.convoy.driver.averaging;

import dev.convoy.worker.training.TrainedShard;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.TreeMap;

/**
 * What a round of all workers came to: averaged parameters and sums. Workers' results may be added
 * in any order; they are summed in shard order, and one is held no longer than until its turn.
 */
public final class RoundResult {
  private final Queue<Integer> expected;
  private final TreeMap<Integer, TrainedShard> early = new TreeMap<>();
  private final WeightedMean parameters = new WeightedMean();
  private final WeightedMean optimizerState = new WeightedMean();
  private long examples;
  private long fingerprint;
  private double lossSum;
  private long computeNanos;
  private long waitedNanos;

  /** Expects these shards, in increasing order. */
  public RoundResult(Iterable<Integer> shards) {
    this.expected = new ArrayDeque<>();
    shards.forEach(expected::add);
  }

  /** Adds a worker's result. */
  public void add(TrainedShard result) {
    if (!expected.contains(result.shard())) {
      throw new IllegalStateException(
          "Cannot average: expected shards " + expected + ", found a result of " + result.shard());
    }
    early.put(result.shard(), result);
    while (!expected.isEmpty() && early.containsKey(expected.peek())) {
      sum(early.remove(expected.remove()));
    }
  }

  private void sum(TrainedShard result) {
    parameters.add(result.parameters(), result.examples());
    optimizerState.add(result.optimizerState(), result.examples());
    examples += result.examples();
    fingerprint += result.fingerprint();
    lossSum += result.lossSum();
    computeNanos += result.computeNanos();
    waitedNanos += result.waitedNanos();
  }

  /** The workers' parameters, averaged by examples. */
  public float[] parameters() {
    requireComplete();
    return parameters.mean();
  }

  /** The workers' optimizer states, averaged by examples. */
  public float[] optimizerState() {
    requireComplete();
    return optimizerState.mean();
  }

  private void requireComplete() {
    if (!expected.isEmpty()) {
      throw new IllegalStateException("Cannot average: shards " + expected + " are missing");
    }
  }

  /** Examples trained. */
  public long examples() {
    return examples;
  }

  /** Wrapping sum of the trained examples' hashes. */
  public long fingerprint() {
    return fingerprint;
  }

  /** Sum of the examples' losses, in nats. */
  public double lossSum() {
    return lossSum;
  }

  /** Share of the workers' time in which the network waited for a batch, in [0, 1]. */
  public double waitingShare() {
    return computeNanos == 0 ? 0 : (double) waitedNanos / computeNanos;
  }
}
