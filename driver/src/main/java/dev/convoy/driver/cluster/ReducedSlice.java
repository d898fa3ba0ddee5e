package dev.convoy.driver.cluster;

/** What a task that averaged a slice says. A plain class, because it crosses the wire. */
final class ReducedSlice {
  private final boolean isFinite;
  private final int[] missing;

  private ReducedSlice(boolean isFinite, int[] missing) {
    this.isFinite = isFinite;
    this.missing = missing;
  }

  /** The slice is averaged. */
  static ReducedSlice averaged(boolean isFinite) {
    return new ReducedSlice(isFinite, new int[0]);
  }

  /** It could not be, since results of these shards are on no executor any more. */
  static ReducedSlice missing(int[] shards) {
    return new ReducedSlice(true, shards);
  }

  /** Whether all parameters are numbers. */
  boolean isFinite() {
    return isFinite;
  }

  /** The shards without results; none if the slice is averaged. */
  int[] missing() {
    return missing;
  }
}
