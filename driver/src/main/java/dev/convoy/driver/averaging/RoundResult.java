package dev.convoy.driver.averaging;

import dev.convoy.worker.optimizer.GroupNorms;
import dev.convoy.worker.training.TrainedShard;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a round of all workers came to: the next state and sums. Workers' results may be added in
 * any order; they are summed in shard order, and one is held no longer than until its turn: in
 * memory up to a quarter of the heap, and beyond it in a temporary file. Driver only.
 */
public final class RoundResult implements AutoCloseable {
  private static final long SHARE_OF_HEAP = 4;

  private final Queue<Integer> expected;
  private final EarlyResults early;
  private final Reduction reduction;
  private final WeightedMean groupNorms = new WeightedMean();
  private final RoundCosts costs;
  private AveragedModel model;
  private long examples;
  private long fingerprint;
  private double lossSum;
  private long computeNanos;
  private long waitedNanos;
  private long longestNanos;
  private long workers;

  /**
   * Before the first result.
   *
   * @param reduction for the vectors
   * @param shards whose results will come, in increasing order
   * @param directory for the temporary file, which exists only when it is needed
   */
  public RoundResult(Reduction reduction, Iterable<Integer> shards, Path directory) {
    this(reduction, shards, directory, new RoundCosts());
  }

  /** The same with costs that others add to as well. */
  public RoundResult(
      Reduction reduction, Iterable<Integer> shards, Path directory, RoundCosts costs) {
    this(reduction, shards, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, directory, costs);
  }

  RoundResult(
      Reduction reduction,
      Iterable<Integer> shards,
      long mostBytesHeld,
      Path directory,
      RoundCosts costs) {
    this.costs = costs;
    this.reduction = reduction;
    this.early = new EarlyResults(mostBytesHeld, directory);
    this.expected = new ArrayDeque<>();
    shards.forEach(expected::add);
  }

  /** Where the time went besides training. */
  public RoundCosts costs() {
    return costs;
  }

  /** Adds a worker's result. */
  public void add(TrainedShard result) {
    costs.received(
        (long) Float.BYTES * (result.parameters().length + result.optimizerState().length));
    if (!expected.contains(result.shard())) {
      throw new IllegalStateException(
          "Cannot average: expected shards " + expected + ", found a result of " + result.shard());
    }
    if (result.shard() != expected.element()) {
      early.put(result);
      return;
    }
    expected.remove();
    sum(result);
    while (!expected.isEmpty() && early.contains(expected.element())) {
      sum(early.remove(expected.remove()));
    }
  }

  private void sum(TrainedShard result) {
    reduction.add(result);
    workers++;
    groupNorms.add(result.groupNorms(), result.examples());
    examples += result.examples();
    fingerprint += result.fingerprint();
    lossSum += result.lossSum();
    computeNanos += result.computeNanos();
    waitedNanos += result.waitedNanos();
    longestNanos = Math.max(longestNanos, result.computeNanos());
  }

  /**
   * What the next round begins with.
   *
   * @throws IllegalStateException if a result is missing
   */
  public AveragedModel model() {
    if (!expected.isEmpty()) {
      throw new IllegalStateException("Cannot average: shards " + expected + " are missing");
    }
    if (model == null) {
      long start = System.nanoTime();
      model = reduction.end();
      costs.reduced(System.nanoTime() - start);
    }
    return model;
  }

  /** Bytes of workers' vectors that wait in memory. */
  long bytesHeld() {
    return early.bytesInMemory();
  }

  /** Gives up what waits; what was summed stays. */
  @Override
  public void close() {
    early.close();
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

  /** Of the workers' last steps, the mean weighted by examples. */
  public GroupNorms groupNorms() {
    return new GroupNorms(reduction.groupNorms().orElseGet(groupNorms::mean));
  }

  /**
   * How long the workers would have taken if there were nothing but computing, in seconds.
   *
   * @param atOnce how many of them compute at the same time, at least 1
   */
  public double computeSeconds(int atOnce) {
    return Math.max((double) longestNanos, computeNanos / (double) atOnce) / 1e9;
  }

  /** How much longer than the mean of the workers the slowest computed, as a share of the mean. */
  public double spread() {
    return computeNanos == 0 ? 0 : (double) longestNanos * workers / computeNanos - 1;
  }

  /** Share of the workers' time in which the network waited for a batch, in [0, 1]. */
  public double waitingShare() {
    return computeNanos == 0 ? 0 : (double) waitedNanos / computeNanos;
  }
}
