package dev.convoy.driver.cluster;

import dev.convoy.driver.averaging.TaskCost;

/** What a task that averaged a slice says. A plain class, because it crosses the wire. */
final class ReducedSlice {
  private final boolean isFinite;
  private final int[] missing;
  private final TaskCost cost;

  private ReducedSlice(boolean isFinite, int[] missing, TaskCost cost) {
    this.isFinite = isFinite;
    this.missing = missing;
    this.cost = cost;
  }

  /** The slice is averaged. */
  static ReducedSlice averaged(boolean isFinite, TaskCost cost) {
    return new ReducedSlice(isFinite, new int[0], cost);
  }

  /** It could not be, since results of these shards are on no executor any more. */
  static ReducedSlice missing(int[] shards, TaskCost cost) {
    return new ReducedSlice(true, shards, cost);
  }

  /** Whether all parameters are numbers. */
  boolean isFinite() {
    return isFinite;
  }

  TaskCost cost() {
    return cost;
  }

  /** The shards without results; none if the slice is averaged. */
  int[] missing() {
    return missing;
  }
}
