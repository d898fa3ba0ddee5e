package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;

/** A picture that keeps its size, put together of its rows. */
final class CopiedRows implements Rows {
  private final ImageShape shape;
  private final byte[] pixels;
  private int y;

  CopiedRows(ImageShape shape) {
    this(shape, new byte[shape.size()]);
  }

  /**
   * A picture in memory that is given.
   *
   * @param pixels as long as the picture; for {@link #part} it may be longer
   */
  CopiedRows(ImageShape shape, byte[] pixels) {
    this.shape = shape;
    this.pixels = pixels;
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
    requireAllRows();
    return new Picture(shape, pixels);
  }

  /** The picture as a part of a larger one; to be asked once, after the last row. */
  PicturePart part(int top, int left, ImageShape whole) {
    requireAllRows();
    return PicturePart.of(pixels, shape, top, left, whole);
  }

  private void requireAllRows() {
    if (y != shape.height()) {
      throw new IllegalStateException(
          "Cannot copy an image: expected " + shape.height() + " rows, found " + y + ".");
    }
  }
}
