package dev.convoy.driver.trial;

import java.util.BitSet;

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
