package dev.convoy.driver.cluster;

import dev.convoy.data.ImageShape;

/**
 * One image, small enough to be looked at on the driver.
 *
 * @param id of the example in the listing of its source
 * @param location where it comes from, {@code path} or {@code path#7}
 * @param shape its height, width and channels
 * @param values 8-bit, in CHW order; taken over
 */
public record Thumbnail(int id, String location, ImageShape shape, byte[] values) {
  /** Refuses more or fewer values than the shape has. */
  public Thumbnail {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "Cannot show " + location + ": expected " + shape + " values, found " + values.length);
    }
  }

  /** The colour of a pixel, {@code 0xrrggbb}; grey has three equal parts. */
  public int rgb(int y, int x) {
    int at = y * shape.width() + x;
    int next = shape.channels() == 1 ? 0 : shape.planeSize();
    int red = values[at] & 0xff;
    int green = values[at + next] & 0xff;
    int blue = values[at + 2 * next] & 0xff;
    return red << 16 | green << 8 | blue;
  }
}
