package dev.convoy.driver.averaging;

import dev.convoy.driver.compression.Compression;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts vectors into slices of about equal length. What becomes of a value does not depend on the
 * slice that it is in, so neither does any result.
 *
 * @param count how many there are, at least 1
 * @param ends of the slices of a parameter vector, so that what is compressed together is in one
 *     slice, and so is what is averaged together; other vectors, and all if it is empty, are cut
 *     into slices that differ by one value at most
 */
public record Slices(int count, List<Integer> ends) implements Serializable {
  /** A slice is a few MB: enough for the network to be used well, and for all cores to have one. */
  private static final int VALUES = 1 << 21;

  /** Copies the list. */
  public Slices {
    ends = List.copyOf(ends);
  }

  /**
   * As many as a parameter vector needs, and no fewer than there are cores to add them up.
   *
   * @param length of the vector
   * @param layout of the vector
   */
  public static Slices of(int length, Layout layout, int cores) {
    int learned = layout.learnedValues();
    int blocks = -Math.floorDiv(-learned, Compression.BLOCK);
    int wanted = Math.max(cores, -Math.floorDiv(-length, VALUES));
    int count = Math.max(1, Math.min(blocks, wanted));
    List<Integer> ends =
        IntStream.rangeClosed(1, count)
            .map(
                slice ->
                    slice == count
                        ? length
                        : layout.learnedValue(
                            (int) ((long) blocks * slice / count) * Compression.BLOCK))
            .boxed()
            .toList();
    return new Slices(count, ends);
  }

  /** Where a slice of a vector of that length begins. */
  public int from(int slice, int length) {
    if (ends.isEmpty() || ends.get(count - 1) != length) {
      return (int) ((long) length * slice / count);
    }
    return slice == 0 ? 0 : ends.get(slice - 1);
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
