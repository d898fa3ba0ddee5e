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

  /** The colour of a pixel, {@code 0xrrggbb}; grey has three equal parts. */
  public int rgb(int y, int x) {
    int at = y * shape.width() + x;
    int next = shape.channels() == 1 ? 0 : shape.planeSize();
    int red = pixels[at] & 0xff;
    int green = pixels[at + next] & 0xff;
    int blue = pixels[at + 2 * next] & 0xff;
    return red << 16 | green << 8 | blue;
  }
}
