package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Parts of pictures, shifted by whole pixels and mirrored, without resampling. */
final class PixelCopy {
  private static final VarHandle EIGHT_VALUES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private PixelCopy() {}

  /** The part of a picture that its copy shows. */
  static CropBox needed(AxisMapping rows, AxisMapping columns) {
    int height = rows.end() - rows.from();
    int width = columns.end() - columns.from();
    if (height == 0 || width == 0) {
      return new CropBox(0, 0, 1, 1);
    }
    int top = Math.min(rows.source(rows.from()), rows.source(rows.end() - 1));
    int left = Math.min(columns.source(columns.from()), columns.source(columns.end() - 1));
    return new CropBox(top, left, height, width);
  }

  /** A new picture whose rows and columns come from whole ones. */
  static Picture of(PicturePart part, AxisMapping rows, AxisMapping columns, Border border) {
    ImageShape from = part.whole();
    byte[] source = part.values();
    ImageShape to = new ImageShape(rows.length(), columns.length(), from.channels());
    byte[] pixels = new byte[to.size()];
    boolean inside = border == Border.ZERO;
    int count = columns.end() - columns.from();
    for (int channel = 0; channel < from.channels() && count > 0; channel++) {
      for (int y = rows.from(); y < rows.end(); y++) {
        int row = border.inside(rows.source(y), from.height());
        int target = (channel * to.height() + y) * to.width();
        if (!inside) {
          for (int x = columns.from(); x < columns.end(); x++) {
            int column = border.inside(columns.source(x), from.width());
            pixels[target + x] = source[part.index(channel, row, column)];
          }
        } else if (columns.isMirrored()) {
          int last = part.index(channel, row, columns.source(columns.from()));
          mirror(source, last, pixels, target + columns.from(), count);
        } else {
          int first = part.index(channel, row, columns.source(columns.from()));
          System.arraycopy(source, first, pixels, target + columns.from(), count);
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

  /** Eight values at once, as far as they go. */
  private static void mirror(byte[] from, int last, byte[] to, int first, int count) {
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      long values = (long) EIGHT_VALUES.get(from, last - i - Long.BYTES + 1);
      EIGHT_VALUES.set(to, first + i, Long.reverseBytes(values));
    }
    for (; i < count; i++) {
      to[first + i] = from[last - i];
    }
  }
}
