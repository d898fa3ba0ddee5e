package dev.convoy.driver.exchange;

import dev.convoy.driver.averaging.ModelState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;

/**
 * What workers keep for themselves after a round, on the executors where they trained: one copy, so
 * that nothing crosses the wire. Whoever trains the shard next reads it from there. Travels to
 * executors.
 *
 * @param set of the {@link SliceStore}
 * @param shards those that keep something
 * @param lengths of what each keeps, by name
 */
public record WorkerStates(int set, List<Integer> shards, TreeMap<String, Integer> lengths)
    implements Serializable {
  /** Nothing yet. Driver only. */
  static WorkerStates begin(
      SparkContext context, List<Integer> shards, Map<String, Integer> lengths) {
    return new WorkerStates(
        SliceStore.newSet(context), new ArrayList<>(shards), new TreeMap<>(lengths));
  }

  /** Keeps a vector on this executor. */
  void put(int shard, String name, float[] values) {
    SliceStore.put(set, index(shard, name), values, 1);
  }

  /**
   * A vector, shared.
   *
   * @throws LostSliceException if it is gone
   */
  float[] get(int shard, String name) {
    return SliceStore.get(set, index(shard, name))
        .orElseThrow(
            () ->
                new LostSliceException(
                    "Cannot read "
                        + ModelState.ofWorker(shard, name)
                        + ": its executor is lost, or has no memory to hand it over (raise"
                        + " spark.executor.memory: convoy resources). The same command goes on from"
                        + " the latest checkpoint."));
  }

  private int index(int shard, String name) {
    return Math.addExact(Math.multiplyExact(shard, lengths.size()), lengths.headMap(name).size());
  }

  /** Deletes them. Driver only. */
  void remove() {
    SliceStore.remove(set);
  }
}
