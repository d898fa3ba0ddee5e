package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;

/**
 * A part of a picture, whose pixels are found by where they are in the whole.
 *
 * @param pixels the part
 * @param top the row of the whole that is the first of the part
 * @param left the column of the whole that is the first of the part
 * @param whole the shape of the whole picture
 */
public record PicturePart(Picture pixels, int top, int left, ImageShape whole) {
  /** All of a picture. */
  public static PicturePart whole(Picture picture) {
    return new PicturePart(picture, 0, 0, picture.shape());
  }

  /** Where in the part's pixels that one of the whole picture is. */
  int index(int channel, int y, int x) {
    ImageShape shape = pixels.shape();
    return (channel * shape.height() + y - top) * shape.width() + x - left;
  }
}
