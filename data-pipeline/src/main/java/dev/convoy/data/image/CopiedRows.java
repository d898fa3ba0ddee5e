package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;

/** A picture that keeps its size, put together of its rows. */
final class CopiedRows implements Rows {
  private final ImageShape shape;
  private final byte[] pixels;
  private int y;

  CopiedRows(ImageShape shape) {
    this.shape = shape;
    this.pixels = new byte[shape.size()];
  }

  @Override
  public void accept(byte[][] channels) {
    for (int channel = 0; channel < shape.channels(); channel++) {
      int at = channel * shape.planeSize() + y * shape.width();
      System.arraycopy(channels[channel], 0, pixels, at, shape.width());
    }
    y++;
  }

  /** The picture; to be asked once, after the last row. */
  Picture finish() {
    if (y != shape.height()) {
      throw new IllegalStateException(
          "Cannot copy an image: expected " + shape.height() + " rows, found " + y + ".");
    }
    return new Picture(shape, pixels);
  }
}
