package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

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

  /**
   * A picture whose rows and columns come from whole ones.
   *
   * @param into receives it
   * @param at where it begins there
   */
  static void copy(
      PicturePart part, AxisMapping rows, AxisMapping columns, Border border, byte[] into, int at) {
    ImageShape from = part.whole();
    byte[] source = part.values();
    ImageShape to = new ImageShape(rows.length(), columns.length(), from.channels());
    boolean inside = border == Border.ZERO;
    int count = columns.end() - columns.from();
    if (count < to.width() || rows.end() - rows.from() < to.height()) {
      Arrays.fill(into, at, at + to.size(), (byte) 0);
    }
    for (int channel = 0; channel < from.channels() && count > 0; channel++) {
      for (int y = rows.from(); y < rows.end(); y++) {
        int row = border.inside(rows.source(y), from.height());
        int target = at + (channel * to.height() + y) * to.width();
        if (!inside) {
          for (int x = columns.from(); x < columns.end(); x++) {
            int column = border.inside(columns.source(x), from.width());
            into[target + x] = source[part.index(channel, row, column)];
          }
        } else if (columns.isMirrored()) {
          int last = part.index(channel, row, columns.source(columns.from()));
          mirror(source, last, into, target + columns.from(), count);
        } else {
          int first = part.index(channel, row, columns.source(columns.from()));
          System.arraycopy(source, first, into, target + columns.from(), count);
        }
      }
    }
  }

  /**
   * A picture within a larger one of zeros.
   *
   * @param to the shape of the larger one
   * @param into receives the larger one
   * @param at where it begins there
   */
  static void embed(Picture picture, ImageShape to, int top, int left, byte[] into, int at) {
    ImageShape from = picture.shape();
    Arrays.fill(into, at, at + to.size(), (byte) 0);
    for (int row = 0; row < from.channels() * from.height(); row++) {
      int y = row / from.height() * to.height() + top + row % from.height();
      int target = at + y * to.width() + left;
      System.arraycopy(picture.pixels(), row * from.width(), into, target, from.width());
    }
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
