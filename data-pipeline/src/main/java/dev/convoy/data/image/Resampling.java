package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import java.util.Arrays;

/**
 * Brings images of one size to the shape of the run: colour first, then an antialiased bilinear
 * resize. The filter is a triangle that widens when the image shrinks, applied to columns and then
 * to rows in fixed-point arithmetic with 8-bit values in between. This is what Pillow does for
 * {@code convert} and {@code resize(…, BILINEAR)}, and the result is the same on every machine.
 *
 * <p>Grey becomes colour by repetition; colour becomes grey by the luma of ITU-R 601.
 */
public final class Resampling {
  private final int fromHeight;
  private final int fromWidth;
  private final int fromChannels;
  private final Orientation orientation;
  private final ImageShape to;
  private final AxisFilter acrossStoredRow;
  private final AxisFilter downStoredColumn;

  /** From images of a height, width and number of channels (1 or 3) to {@code to}. */
  public Resampling(int fromHeight, int fromWidth, int fromChannels, ImageShape to) {
    this(fromHeight, fromWidth, fromChannels, Orientation.UPRIGHT, to);
  }

  /** From stored rows that lie in the image as {@code orientation} says. */
  Resampling(
      int fromHeight, int fromWidth, int fromChannels, Orientation orientation, ImageShape to) {
    this.fromHeight = fromHeight;
    this.fromWidth = fromWidth;
    this.fromChannels = fromChannels;
    this.orientation = orientation;
    this.to = to;
    boolean transposed = orientation.transposed();
    boolean right = orientation.rightToLeft();
    boolean bottom = orientation.bottomToTop();
    this.acrossStoredRow =
        transposed
            ? AxisFilter.triangle(fromWidth, to.height(), bottom)
            : AxisFilter.triangle(fromWidth, to.width(), right);
    this.downStoredColumn =
        transposed
            ? AxisFilter.triangle(fromHeight, to.width(), right)
            : AxisFilter.triangle(fromHeight, to.height(), bottom);
  }

  /** From a part of upright rows, through any filters. */
  private Resampling(CropBox from, AxisFilter across, AxisFilter down, int channels) {
    this.fromHeight = from.height();
    this.fromWidth = from.width();
    this.fromChannels = channels;
    this.orientation = Orientation.UPRIGHT;
    this.to = new ImageShape(down.targets(), across.targets(), channels);
    this.acrossStoredRow = across;
    this.downStoredColumn = down;
  }

  /**
   * A part of a picture, resized in one step; the picture itself where it is all of it and of that
   * size. The argument is not changed.
   */
  public static Picture crop(Picture picture, CropBox box, ImageShape to) {
    ImageShape from = picture.shape();
    return from.equals(to) && box.height() == from.height() && box.width() == from.width()
        ? picture
        : new Resampling(box.height(), box.width(), from.channels(), to)
            .apply(picture.pixels(), from, box.top(), box.left());
  }

  /**
   * What a network sees of a picture where nothing is random: the shorter side is resized to that
   * of the input, and what is longer then is cut off at both ends.
   */
  public static Picture fit(Picture picture, ImageShape input) {
    return crop(picture, CropBox.covering(picture.shape(), input), input);
  }

  /**
   * A picture whose rows come from rows and whose columns come from columns.
   *
   * @param support the part that may be read
   * @return a new picture, zero where the mappings leave the source
   */
  static Picture warp(
      Picture picture,
      AxisMapping rows,
      AxisMapping columns,
      CropBox support,
      Interpolation interpolation) {
    ImageShape from = picture.shape();
    ImageShape to = new ImageShape(rows.length(), columns.length(), from.channels());
    if (rows.from() == rows.end() || columns.from() == columns.end()) {
      return new Picture(to, new byte[to.size()]);
    }
    AxisFilter across = AxisFilter.of(columns, support.left(), support.width(), interpolation);
    AxisFilter down = AxisFilter.of(rows, support.top(), support.height(), interpolation);
    Picture shown =
        new Resampling(support, across, down, from.channels())
            .apply(picture.pixels(), from, support.top(), support.left());
    return PixelCopy.into(to, rows.from(), columns.from(), shown);
  }

  /** Converts 8-bit values in CHW order; the argument is not changed, the result is new. */
  public Picture apply(byte[] pixels) {
    return apply(pixels, new ImageShape(fromHeight, fromWidth, fromChannels), 0, 0);
  }

  private Picture apply(byte[] pixels, ImageShape shape, int top, int left) {
    Image image = begin();
    byte[][] row = new byte[fromChannels][fromWidth];
    for (int y = top; y < top + fromHeight; y++) {
      for (int channel = 0; channel < fromChannels; channel++) {
        int start = (channel * shape.height() + y) * shape.width() + left;
        System.arraycopy(pixels, start, row[channel], 0, fromWidth);
      }
      image.accept(row);
    }
    return image.finish();
  }

  /** A new image, to be given every stored row once. */
  Image begin() {
    return new Image();
  }

  /** Bytes of heap that one image takes at most while its rows come in, the result included. */
  static long bytes(int fromHeight, int fromWidth, ImageShape to) {
    long side = Math.max(to.height(), to.width());
    // Sums of the lines under way: all of the result when it is the larger, else a few.
    long lines = Math.max(3, 2 + 2 * side / Math.min(fromHeight, fromWidth));
    long line = Math.max(Math.max(fromHeight, fromWidth), side);
    long filters = 40L * (fromHeight + fromWidth) + 64L * (to.height() + to.width());
    return to.size() + line * Math.min(lines, side + 1) * Integer.BYTES * to.channels() + filters;
  }

  /** One image whose rows are taken as they come, so that it is never in memory as a whole. */
  final class Image implements Rows {
    private final byte[] result = new byte[to.size()];
    private final int channels = Math.min(fromChannels, to.channels());

    /** Of a line of the result that is under way, the sums; else null. */
    private final int[][][] sums = new int[channels][downStoredColumn.targets()][];

    private final byte[] luma = new byte[fromChannels > channels ? fromWidth : 0];

    /** As integers, which are summed up faster. */
    private final int[] across = new int[acrossStoredRow.targets()];

    private final int[] line = orientation.transposed() ? new int[fromWidth] : across;
    private final byte[] rounded = new byte[line.length];
    private final boolean copied =
        !orientation.transposed() && acrossStoredRow.isIdentity() && downStoredColumn.isIdentity();
    private int y;

    private Image() {}

    @Override
    public void accept(byte[][] row) {
      if (fromChannels > channels) {
        toLuma(row);
        add(0, luma);
      } else {
        for (int channel = 0; channel < channels; channel++) {
          add(channel, row[channel]);
        }
      }
      y++;
    }

    /** The finished image; to be asked once, after the last row. */
    Picture finish() {
      if (y != fromHeight) {
        throw new IllegalStateException(
            "Cannot resize an image: expected " + fromHeight + " rows, found " + y + ".");
      }
      for (int channel = channels; channel < to.channels(); channel++) {
        System.arraycopy(result, 0, result, channel * to.planeSize(), to.planeSize());
      }
      return new Picture(to, result);
    }

    private void toLuma(byte[][] row) {
      for (int x = 0; x < fromWidth; x++) {
        luma[x] = Luma.of(row[0][x], row[1][x], row[2][x]);
      }
    }

    private void add(int channel, byte[] row) {
      if (copied) {
        System.arraycopy(row, 0, result, channel * to.planeSize() + y * fromWidth, fromWidth);
        return;
      }
      // Columns come before rows in the image that is seen, and 8-bit values in between.
      if (orientation.transposed()) {
        for (int x = 0; x < line.length; x++) {
          line[x] = row[x] & 0xff;
        }
      } else {
        acrossStoredRow.apply(row, line);
      }
      for (int target = downStoredColumn.firstTarget(y);
          target < downStoredColumn.endTarget(y);
          target++) {
        if (sums[channel][target] == null) {
          sums[channel][target] = new int[line.length];
          Arrays.fill(sums[channel][target], AxisFilter.HALF);
        }
        addWeighted(downStoredColumn.weight(target, y), line, sums[channel][target]);
        if (downStoredColumn.isLast(target, y)) {
          finishLine(channel, target);
        }
      }
    }

    private static void addWeighted(int weight, int[] line, int[] sum) {
      for (int x = 0; x < sum.length; x++) {
        sum[x] += weight * line[x];
      }
    }

    private void finishLine(int channel, int target) {
      int[] sum = sums[channel][target];
      for (int x = 0; x < sum.length; x++) {
        rounded[x] = (byte) AxisFilter.toByte(sum[x]);
      }
      sums[channel][target] = null;
      int plane = channel * to.planeSize();
      if (orientation.transposed()) {
        acrossStoredRow.apply(rounded, across);
        for (int row = 0; row < to.height(); row++) {
          result[plane + row * to.width() + target] = (byte) across[row];
        }
      } else {
        System.arraycopy(rounded, 0, result, plane + target * to.width(), to.width());
      }
    }
  }
}
