package dev.convoy.driver.trial;

import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/** Room for trials: so many at once, with so many workers together. Used by one thread. */
public final class Slots {
  private final int places;
  private int freeWorkers;
  private final BitSet taken = new BitSet();

  /**
   * All free.
   *
   * @param places trials at once, at least 1
   * @param workers of all trials together, at least 1
   */
  public Slots(int places, int workers) {
    this.places = places;
    this.freeWorkers = workers;
  }

  /**
   * The room that a cluster has for trials of so many workers.
   *
   * @param largest workers of any trial
   * @param parallel trials at once; empty for as many as find room
   * @param keys that decide it, for messages: of trials at once, and of workers of a trial
   * @throws ConfigurationException if they do not find room
   */
  public static Slots of(
      SparkCluster cluster, int largest, OptionalInt parallel, List<String> keys) {
    int needed = largest * parallel.orElse(1);
    int workers = cluster.canGrow() ? needed : cluster.slots();
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
    int places = parallel.orElse(workers);
    cluster.expectRuns(Math.max(1, Math.min(places, workers / largest)));
    return new Slots(places, workers);
  }

  /** Whether one more trial finds a place, if it needs few enough workers. */
  boolean hasPlace() {
    return taken.cardinality() < places && freeWorkers > 0;
  }

  boolean hasRoomFor(int workers) {
    return hasPlace() && workers <= freeWorkers;
  }

  /** Takes a place; returns its number, counted from 0. */
  int take(int workers) {
    if (!hasRoomFor(workers)) {
      throw new IllegalStateException(
          "Cannot take a slot of " + workers + " workers: " + freeWorkers);
    }
    int place = taken.nextClearBit(0);
    taken.set(place);
    freeWorkers -= workers;
    return place;
  }

  void giveBack(int place, int workers) {
    taken.clear(place);
    freeWorkers += workers;
  }
}
