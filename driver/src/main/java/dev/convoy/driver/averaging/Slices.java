package dev.convoy.driver.averaging;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Cuts vectors into slices of equal length, but for one value more or less. What becomes of a value
 * does not depend on the slice that it is in, so neither does any result.
 *
 * @param count how many there are, at least 1
 */
public record Slices(int count) implements Serializable {
  /** A slice is a few MB: enough for the network to be used well, and for all cores to have one. */
  private static final int VALUES = 1 << 21;

  /** As many as a vector needs, and no fewer than there are cores to add them up. */
  public static Slices of(int length, int cores) {
    return new Slices(
        Math.max(1, Math.min(length, Math.max(cores, -Math.floorDiv(-length, VALUES)))));
  }

  /** Where a slice of a vector of that length begins. */
  public int from(int slice, int length) {
    return (int) ((long) length * slice / count);
  }

  /** Where it ends: the value after its last. */
  public int to(int slice, int length) {
    return from(slice + 1, length);
  }

  /** A copy of a slice. */
  public float[] cut(float[] vector, int slice) {
    return Arrays.copyOfRange(vector, from(slice, vector.length), to(slice, vector.length));
  }
}
