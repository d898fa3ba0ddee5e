package dev.convoy.worker.graph;

/**
 * The extent of one example's values: an image, or a vector, which is all channels of one pixel.
 *
 * @param channels at least 1
 * @param height in pixels, at least 1
 * @param width in pixels, at least 1
 * @param isVector whether the values have no place in an image any more, as those that a fully
 *     connected layer or global pooling gives
 */
public record Shape(long channels, long height, long width, boolean isVector) {
  /** Checks the ranges. */
  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Cannot describe values: expected extents of at least 1, found "
              + channels
              + " × "
              + height
              + " × "
              + width
              + ".");
    }
  }

  /** The extent of a vector. */
  public static Shape vector(long length) {
    return new Shape(length, 1, 1, true);
  }

  /** The extent of an image. */
  public static Shape image(long channels, long height, long width) {
    return new Shape(channels, height, width, false);
  }

  /** {height, width}. */
  long[] plane() {
    return new long[] {height, width};
  }

  /** How many values there are. */
  public long values() {
    return Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }
}
