package dev.convoy.driver.trial;

import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/**
 * Slots for trials: a number of trials at once, and of workers of all together, which changes as
 * executors come and go. One trial alone always has a slot. Used by one thread.
 */
public final class Slots {
  private final int places;
  private final IntSupplier capacity;
  private int takenWorkers;
  private final BitSet taken = new BitSet();

  /**
   * All free.
   *
   * @param places trials at once, at least 1
   * @param capacity workers of all trials together that find room at the moment
   */
  public Slots(int places, IntSupplier capacity) {
    this.places = places;
    this.capacity = capacity;
  }

  /**
   * The room that a cluster has for trials of so many workers. Executors that are still on their
   * way are waited for if the trials asked for find no room without them.
   *
   * @param largest workers of any trial
   * @param parallel trials at once; empty for as many as find room
   * @param keys that decide it, for messages: of trials at once, and of workers of a trial
   * @throws ConfigurationException if they do not find room
   */
  public static Slots of(
      SparkCluster cluster, int largest, OptionalInt parallel, List<String> keys) {
    int needed = largest * parallel.orElse(1);
    int workers = cluster.canGrow() ? needed : cluster.slots(needed);
    if (needed > workers) {
      throw new ConfigurationException(
          keys.get(parallel.isPresent() ? 0 : 1)
              + ": expected trials that find room at once in the cluster's "
              + workers
              + " slots, found "
              + parallel.orElse(1)
              + " of "
              + largest
              + " workers");
    }
    cluster.expectRuns(Math.max(1, Math.min(parallel.orElse(workers), workers / largest)));
    return new Slots(
        parallel.orElse(Integer.MAX_VALUE),
        cluster.canGrow() ? () -> Math.max(needed, cluster.slots()) : cluster::slots);
  }

  /** Whether one more trial finds a place, if it needs few enough workers. */
  boolean hasPlace() {
    return hasRoomFor(1);
  }

  boolean hasRoomFor(int workers) {
    return taken.isEmpty()
        || (taken.cardinality() < places && takenWorkers + workers <= capacity.getAsInt());
  }

  /** Takes a place; returns its number, counted from 0. */
  int take(int workers) {
    if (!hasRoomFor(workers)) {
      throw new IllegalStateException(
          "Cannot take a slot of " + workers + " workers: " + (capacity.getAsInt() - takenWorkers));
    }
    int place = taken.nextClearBit(0);
    taken.set(place);
    takenWorkers += workers;
    return place;
  }

  void giveBack(int place, int workers) {
    taken.clear(place);
    takenWorkers -= workers;
  }
}
