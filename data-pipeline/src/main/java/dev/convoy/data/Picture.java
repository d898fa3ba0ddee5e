package dev.convoy.data;

/**
 * One picture.
 *
 * @param shape its own, which may be larger than what a network takes
 * @param pixels 8-bit values in CHW order; not copied
 */
public record Picture(ImageShape shape, byte[] pixels) {
  /** Checks that there are as many values as the shape has. */
  public Picture {
    if (pixels.length != shape.size()) {
      throw new IllegalArgumentException(
          "Cannot hold a picture: expected the "
              + shape.size()
              + " values of "
              + shape
              + ", found "
              + pixels.length
              + ".");
    }
  }
}
