package dev.convoy.data.shard;

import dev.convoy.data.random.KeyedRandom;
import java.util.Arrays;

/**
 * How many times each example of a source is selected. A view of a shard costs four bytes per
 * example taken; no pixel is copied.
 *
 * <p>Immutable. A plain class, because it crosses the wire.
 */
public final class Selection {
  private final int[] times;

  private Selection(int[] times) {
    this.times = times;
  }

  /**
   * Every example so often.
   *
   * @param times by the example's id, each at least 0; ids beyond are not taken; taken over
   */
  public static Selection times(int[] times) {
    return new Selection(times);
  }

  /** The same examples, each so many times as often. */
  public Selection repeated(int repeats) {
    return new Selection(Arrays.stream(times).map(count -> count * repeats).toArray());
  }

  /** The examples that this one does not take, once each; ids beyond its end are not among them. */
  public Selection complement() {
    return new Selection(Arrays.stream(times).map(count -> count == 0 ? 1 : 0).toArray());
  }

  /** How often the example with that id is taken. */
  public int times(int id) {
    return id < times.length ? times[id] : 0;
  }

  /** Identifies which examples are taken, and how often. */
  public long fingerprint() {
    long sum = 0;
    for (int id = 0; id < times.length; id++) {
      sum += times[id] == 0 ? 0 : KeyedRandom.mix(KeyedRandom.mix(id + 1L) + times[id]);
    }
    return sum;
  }

  /** The examples of a shard that are taken, so often, in its order. */
  public Examples of(Shard shard) {
    int[] positions = new int[size(shard)];
    int next = 0;
    for (int i = 0; i < shard.size(); i++) {
      int count = times(shard.id(i));
      Arrays.fill(positions, next, next + count, i);
      next += count;
    }
    return new ChosenExamples(shard, positions);
  }

  private int size(Shard shard) {
    long size = 0;
    for (int i = 0; i < shard.size(); i++) {
      size += times(shard.id(i));
    }
    return Math.toIntExact(size);
  }
}
