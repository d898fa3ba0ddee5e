package dev.convoy.data.batch;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which examples of a shard every round of every epoch trains on. Pure arithmetic on sizes and
 * keys, the same on the driver and on executors. A round takes up to {@code batchSize ×
 * averagingFrequency} examples of every shard; over an epoch's rounds each example comes exactly
 * once, and the last batch of a shard may be short.
 */
public final class EpochPlan {
  private final long seed;
  private final int repeats;
  private final long examplesPerRound;

  /**
   * The plan of one run.
   *
   * @param seed the run's seed
   * @param repeats how many positions one after the other hold the same example, at least 1; they
   *     stay together, and are augmented differently
   * @param batchSize examples per batch and worker, at least 1
   * @param averagingFrequency batches per round, at least 1
   */
  public EpochPlan(long seed, int repeats, int batchSize, int averagingFrequency) {
    if (batchSize < 1 || averagingFrequency < 1) {
      throw new IllegalArgumentException(
          "Cannot plan an epoch: expected a batch size and an averaging frequency of at least 1,"
              + " found "
              + batchSize
              + " and "
              + averagingFrequency
              + ".");
    }
    this.seed = seed;
    this.repeats = repeats;
    this.examplesPerRound = (long) batchSize * averagingFrequency;
  }

  /** Rounds until the largest shard is exhausted; 0 when it is empty. */
  public int rounds(int largestShardSize) {
    return (int) ((largestShardSize + examplesPerRound - 1) / examplesPerRound);
  }

  /**
   * The order of a shard's positions in one epoch: 0 to {@code shardSize - 1}, shuffled; those of
   * one example stay together.
   */
  public int[] permutation(int epoch, int shard, int shardSize) {
    int[] groups = new int[(shardSize + repeats - 1) / repeats];
    Arrays.setAll(groups, i -> i);
    KeyedRandom.of(seed, Purpose.PERMUTATION, epoch, shard).shuffle(groups);
    return Arrays.stream(groups)
        .flatMap(
            group -> IntStream.range(group * repeats, Math.min(shardSize, (group + 1) * repeats)))
        .toArray();
  }

  /** First index into the permutation that {@code round} trains on. */
  public int from(int round, int shardSize) {
    return (int) Math.min(shardSize, round * examplesPerRound);
  }

  /** Index after the last one; equal to {@link #from} when the shard is exhausted. */
  public int to(int round, int shardSize) {
    return (int) Math.min(shardSize, (round + 1) * examplesPerRound);
  }
}
