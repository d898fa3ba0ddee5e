package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import java.util.ArrayDeque;
import java.util.Deque;

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
            .apply(PicturePart.whole(picture), box.top(), box.left());
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
      PicturePart picture,
      AxisMapping rows,
      AxisMapping columns,
      CropBox support,
      Interpolation interpolation) {
    int channels = picture.whole().channels();
    ImageShape to = new ImageShape(rows.length(), columns.length(), channels);
    if (rows.from() == rows.end() || columns.from() == columns.end()) {
      return new Picture(to, new byte[to.size()]);
    }
    AxisFilter across = AxisFilter.of(columns, support.left(), support.width(), interpolation);
    AxisFilter down = AxisFilter.of(rows, support.top(), support.height(), interpolation);
    Picture shown =
        new Resampling(support, across, down, channels)
            .apply(picture, support.top(), support.left());
    return PixelCopy.into(to, rows.from(), columns.from(), shown);
  }

  /** Converts 8-bit values in CHW order; the argument is not changed, the result is new. */
  public Picture apply(byte[] pixels) {
    ImageShape shape = new ImageShape(fromHeight, fromWidth, fromChannels);
    return apply(PicturePart.whole(new Picture(shape, pixels)), 0, 0);
  }

  private Picture apply(PicturePart picture, int top, int left) {
    Image image = begin();
    byte[][] row = new byte[fromChannels][fromWidth];
    for (int y = top; y < top + fromHeight; y++) {
      for (int channel = 0; channel < fromChannels; channel++) {
        int start = picture.index(channel, y, left);
        System.arraycopy(picture.pixels().pixels(), start, row[channel], 0, fromWidth);
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
    long pair = line * (Long.BYTES + 4 * Integer.BYTES + to.channels());
    return to.size()
        + line * Math.min(lines, side + 1) * Integer.BYTES * to.channels()
        + pair
        + filters;
  }

  /** One image whose rows are taken as they come, so that it is never in memory as a whole. */
  final class Image implements Rows {
    private final byte[] result = new byte[to.size()];
    private final int channels = Math.min(fromChannels, to.channels());

    /** Of a line of the result that is under way, the sums; else null. */
    private final int[][][] sums = new int[channels][downStoredColumn.targets()][];

    /** Arrays of finished lines. */
    private final Deque<int[]> idle = new ArrayDeque<>();

    private final byte[] luma = new byte[fromChannels > channels ? fromWidth : 0];
    private final boolean copied =
        !orientation.transposed() && acrossStoredRow.isIdentity() && downStoredColumn.isIdentity();

    /** The row before, of each channel: two are filtered at once. */
    private final byte[][] before = new byte[copied ? 0 : channels][fromWidth];

    private final long[] pairs = new long[copied ? 0 : fromWidth];

    /**
     * Two rows that are filtered if columns come first, as integers, which are summed up faster.
     */
    private final int[] first =
        new int[orientation.transposed() ? fromWidth : acrossStoredRow.targets()];

    private final int[] second = new int[first.length];

    /** Two columns of the result, where columns come last. */
    private final int[][] across =
        new int[2][orientation.transposed() ? acrossStoredRow.targets() : 0];

    private int y;

    private Image() {}

    @Override
    public void accept(byte[][] row) {
      if (fromChannels > channels) {
        toLuma(row);
        take(0, luma);
      } else {
        for (int channel = 0; channel < channels; channel++) {
          take(channel, row[channel]);
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
      for (int channel = 0; channel < before.length && y % 2 == 1; channel++) {
        filter(before[channel], before[channel]);
        add(channel, y - 1, 1);
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

    private void take(int channel, byte[] row) {
      if (copied) {
        System.arraycopy(row, 0, result, channel * to.planeSize() + y * fromWidth, fromWidth);
      } else if (y % 2 == 0) {
        System.arraycopy(row, 0, before[channel], 0, fromWidth);
      } else {
        filter(before[channel], row);
        add(channel, y - 1, 2);
      }
    }

    /** Columns come before rows in the image that is seen, and 8-bit values in between. */
    private void filter(byte[] upper, byte[] lower) {
      if (orientation.transposed()) {
        for (int x = 0; x < fromWidth; x++) {
          first[x] = upper[x] & 0xff;
          second[x] = lower[x] & 0xff;
        }
      } else {
        for (int x = 0; x < fromWidth; x++) {
          pairs[x] = (long) (lower[x] & 0xff) << Integer.SIZE | (upper[x] & 0xff);
        }
        acrossStoredRow.apply(pairs, first, second);
      }
    }

    /** Adds two filtered rows to the lines that they are part of, or the first of them alone. */
    private void add(int channel, int row, int rows) {
      int last = row + rows - 1;
      int end = Math.max(downStoredColumn.endTarget(row), downStoredColumn.endTarget(last));
      for (int target =
              Math.min(downStoredColumn.firstTarget(row), downStoredColumn.firstTarget(last));
          target < end;
          target++) {
        int weight = downStoredColumn.weight(target, row);
        int next = rows == 1 ? 0 : downStoredColumn.weight(target, last);
        int[] sum = sums[channel][target];
        if (sum == null) {
          sum = idle.isEmpty() ? new int[first.length] : idle.pop();
          sums[channel][target] = sum;
          begin(sum, weight, first, next, second);
        } else {
          add(sum, weight, first, next, second);
        }
        if (downStoredColumn.lastSource(target) <= last) {
          finishLine(channel, target, sum);
          sums[channel][target] = null;
          idle.push(sum);
        }
      }
    }

    private static void begin(int[] sum, int weight, int[] line, int weightOfNext, int[] next) {
      for (int x = 0; x < sum.length; x++) {
        sum[x] = AxisFilter.HALF + weight * line[x] + weightOfNext * next[x];
      }
    }

    private static void add(int[] sum, int weight, int[] line, int weightOfNext, int[] next) {
      for (int x = 0; x < sum.length; x++) {
        sum[x] += weight * line[x] + weightOfNext * next[x];
      }
    }

    private void finishLine(int channel, int target, int[] sum) {
      // Each of these loops is vectorised, which one that does both is not.
      for (int x = 0; x < sum.length; x++) {
        sum[x] = AxisFilter.toByte(sum[x]);
      }
      int plane = channel * to.planeSize();
      if (orientation.transposed()) {
        for (int x = 0; x < sum.length; x++) {
          pairs[x] = sum[x];
        }
        acrossStoredRow.apply(pairs, across[0], across[1]);
        for (int row = 0; row < to.height(); row++) {
          result[plane + row * to.width() + target] = (byte) across[0][row];
        }
      } else {
        narrow(sum, plane + target * to.width());
      }
    }

    private void narrow(int[] line, int at) {
      for (int x = 0; x < line.length; x++) {
        result[at + x] = (byte) line[x];
      }
    }
  }
}
