package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;

/**
 * A part of a picture, whose values are found by where they are in the whole.
 *
 * @param values those of the part, and perhaps others; not copied
 * @param origin the index at which the first channel, row and column of the whole picture would be
 * @param stride values from one row to the next
 * @param plane values from one channel to the next
 * @param whole the shape of the whole picture
 */
public record PicturePart(byte[] values, int origin, int stride, int plane, ImageShape whole) {
  /** All of a picture. */
  public static PicturePart whole(Picture picture) {
    return of(picture, 0, 0, picture.shape());
  }

  /**
   * A part that is a picture by itself.
   *
   * @param top the row of the whole that is its first
   * @param left the column of the whole that is its first
   */
  public static PicturePart of(Picture part, int top, int left, ImageShape whole) {
    return of(part.pixels(), part.shape(), top, left, whole);
  }

  /** The same of pixels that stand at the beginning of an array. */
  static PicturePart of(byte[] pixels, ImageShape part, int top, int left, ImageShape whole) {
    int origin = -(top * part.width() + left);
    return new PicturePart(pixels, origin, part.width(), part.planeSize(), whole);
  }

  /** Where that value of the whole picture is, which has to belong to the part. */
  public int index(int channel, int y, int x) {
    return origin + channel * plane + y * stride + x;
  }
}
