package dev.convoy.data.image;

import dev.convoy.data.ImageShape;

/**
 * A part of a picture, in pixels.
 *
 * @param top the first row
 * @param left the first column
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record CropBox(int top, int left, int height, int width) {
  /** All of a picture. */
  public static CropBox whole(ImageShape picture) {
    return new CropBox(0, 0, picture.height(), picture.width());
  }

  /** A box of that size in the middle of a picture, one pixel nearer to top and left if need be. */
  public static CropBox centred(ImageShape picture, int height, int width) {
    return new CropBox(
        (picture.height() - height) / 2, (picture.width() - width) / 2, height, width);
  }

  /** The largest part in the middle of a picture that has the proportions of {@code input}. */
  public static CropBox covering(ImageShape picture, ImageShape input) {
    double scale =
        Math.min(
            (double) picture.height() / input.height(), (double) picture.width() / input.width());
    return centred(
        picture,
        Math.max(1, (int) Math.round(scale * input.height())),
        Math.max(1, (int) Math.round(scale * input.width())));
  }
}
