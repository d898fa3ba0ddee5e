package dev.convoy.driver.exchange;

import dev.convoy.driver.averaging.Slices;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkContext;

/**
 * What the workers of one round have trained, in slices on the executors where it was trained; the
 * driver, which every worker's report tells where that was, has it read from there. Travels to
 * executors.
 *
 * @param set of the {@link SliceStore}
 * @param shards how many there are, those without results included
 * @param slices of each vector
 */
public record WorkerResults(int set, int shards, Slices slices) implements Serializable {
  private static final int PARAMETERS = 0;
  private static final int OPTIMIZER = 1;

  /** Nothing yet. Driver only. */
  public static WorkerResults begin(SparkContext context, int shards, Slices slices) {
    return new WorkerResults(SliceStore.newSet(context), shards, slices);
  }

  /** Keeps what a worker's parameters came to on this executor. */
  public void putParameters(int shard, float[] parameters) {
    for (int slice = 0; slice < slices.count(); slice++) {
      SliceStore.putUntold(set, index(PARAMETERS, shard, slice), slices.cut(parameters, slice));
    }
  }

  /** Keeps a slice of what a worker's parameters changed by on this executor, compressed. */
  public void putChanges(int shard, int slice, byte[] changes) {
    SliceStore.putUntold(set, index(PARAMETERS, shard, slice), changes);
  }

  /** Keeps what a worker's optimizer state came to on this executor. */
  public void putOptimizerState(int shard, float[] optimizerState) {
    for (int slice = 0; slice < slices.count(); slice++) {
      SliceStore.putUntold(set, index(OPTIMIZER, shard, slice), slices.cut(optimizerState, slice));
    }
  }

  /**
   * A slice of a worker's parameters; empty if its executor is gone.
   *
   * @param holder where the shard was trained
   */
  public Optional<float[]> parameters(Holder holder, int shard, int slice) {
    return SliceStore.getFrom(holder, set, index(PARAMETERS, shard, slice));
  }

  /** A slice of a worker's changes, where these were put; empty if its executor is gone. */
  public Optional<byte[]> changes(Holder holder, int shard, int slice) {
    return SliceStore.getBytesFrom(holder, set, index(PARAMETERS, shard, slice));
  }

  /** A slice of a worker's optimizer state, if it has one; empty if its executor is gone. */
  public Optional<float[]> optimizerState(Holder holder, int shard, int slice) {
    return SliceStore.getFrom(holder, set, index(OPTIMIZER, shard, slice));
  }

  private int index(int vector, int shard, int slice) {
    return Math.addExact(
        Math.multiplyExact(
            Math.addExact(Math.multiplyExact(vector, shards), shard), slices.count()),
        slice);
  }

  /** Deletes them. Driver only. */
  public void remove() {
    SliceStore.remove(set);
  }
}
