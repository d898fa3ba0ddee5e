package dev.convoy.driver.cluster;

import dev.convoy.data.ImageShape;

/** One image, small enough to be looked at on the driver. Immutable. */
public final class Thumbnail {
  private final int id;
  private final String location;
  private final ImageShape shape;
  private final byte[] values;

  /**
   * An image.
   *
   * @param id in the listing of its source
   * @param location where it comes from, {@code path} or {@code path#7}
   * @param values 8-bit, in CHW order; taken over
   * @throws IllegalArgumentException if there are more or fewer values than the shape has
   */
  public Thumbnail(int id, String location, ImageShape shape, byte[] values) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "Cannot show " + location + ": expected " + shape + " values, found " + values.length);
    }
    this.id = id;
    this.location = location;
    this.shape = shape;
    this.values = values;
  }

  /** The example's id in the listing of its source. */
  public int id() {
    return id;
  }

  /** Where it comes from, {@code path} or {@code path#7}. */
  public String location() {
    return location;
  }

  /** Its height, width and channels. */
  public ImageShape shape() {
    return shape;
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
