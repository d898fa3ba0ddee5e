package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;

/** Parts of pictures, shifted by whole pixels and mirrored, without resampling. */
final class PixelCopy {
  private PixelCopy() {}

  /** A new picture whose rows and columns come from whole ones. */
  static Picture of(Picture picture, AxisMapping rows, AxisMapping columns, Border border) {
    ImageShape from = picture.shape();
    ImageShape to = new ImageShape(rows.length(), columns.length(), from.channels());
    byte[] pixels = new byte[to.size()];
    boolean inside = border == Border.ZERO;
    int count = columns.end() - columns.from();
    for (int channel = 0; channel < from.channels() && count > 0; channel++) {
      for (int y = rows.from(); y < rows.end(); y++) {
        int row = border.inside(rows.source(y), from.height());
        int source = (channel * from.height() + row) * from.width();
        int target = (channel * to.height() + y) * to.width();
        if (!inside) {
          for (int x = columns.from(); x < columns.end(); x++) {
            int column = border.inside(columns.source(x), from.width());
            pixels[target + x] = picture.pixels()[source + column];
          }
        } else if (columns.isMirrored()) {
          mirror(
              picture.pixels(),
              source + columns.source(columns.from()),
              pixels,
              target + columns.from(),
              count);
        } else {
          System.arraycopy(
              picture.pixels(),
              source + columns.source(columns.from()),
              pixels,
              target + columns.from(),
              count);
        }
      }
    }
    return new Picture(to, pixels);
  }

  /** A picture within a larger one of zeros; itself where that has its shape. */
  static Picture into(ImageShape to, int top, int left, Picture picture) {
    ImageShape from = picture.shape();
    if (from.equals(to)) {
      return picture;
    }
    byte[] pixels = new byte[to.size()];
    for (int row = 0; row < from.channels() * from.height(); row++) {
      int y = row / from.height() * to.height() + top + row % from.height();
      System.arraycopy(
          picture.pixels(), row * from.width(), pixels, y * to.width() + left, from.width());
    }
    return new Picture(to, pixels);
  }

  private static void mirror(byte[] from, int last, byte[] to, int first, int count) {
    for (int i = 0; i < count; i++) {
      to[first + i] = from[last - i];
    }
  }
}
