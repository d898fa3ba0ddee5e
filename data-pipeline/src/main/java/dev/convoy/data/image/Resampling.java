package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import java.util.ArrayDeque;
import java.util.Arrays;
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
  private final RowFilter alongRow;

  /** Values from one channel to the next in the array that rows are filtered from. */
  private final int plane;

  /** Whether rows are first gathered there. */
  private final boolean gathers;

  /** From images of a height, width and number of channels (1 or 3) to {@code to}. */
  public Resampling(int fromHeight, int fromWidth, int fromChannels, ImageShape to) {
    this(fromHeight, fromWidth, fromChannels, Orientation.UPRIGHT, to);
  }

  /** From stored rows that lie in the image as {@code orientation} says. */
  Resampling(
      int fromHeight, int fromWidth, int fromChannels, Orientation orientation, ImageShape to) {
    this(
        fromChannels,
        orientation,
        to,
        orientation.transposed()
            ? AxisFilter.triangle(fromWidth, to.height(), orientation.bottomToTop())
            : AxisFilter.triangle(fromWidth, to.width(), orientation.rightToLeft()),
        orientation.transposed()
            ? AxisFilter.triangle(fromHeight, to.width(), orientation.rightToLeft())
            : AxisFilter.triangle(fromHeight, to.height(), orientation.bottomToTop()),
        0);
  }

  /**
   * From rows through any filters.
   *
   * @param plane values from one channel to the next where all are in one array; 0 where every
   *     channel has its own
   */
  private Resampling(
      int fromChannels,
      Orientation orientation,
      ImageShape to,
      AxisFilter across,
      AxisFilter down,
      int plane) {
    this.fromHeight = down.sources();
    this.fromWidth = across.sources();
    this.fromChannels = fromChannels;
    this.orientation = orientation;
    this.to = to;
    this.acrossStoredRow = across;
    this.downStoredColumn = down;
    int enough = RowFilter.valuesFetched(across);
    this.gathers = plane == 0 || fromWidth < enough || fromChannels > to.channels();
    this.plane = gathers ? Math.max(fromWidth, enough) : plane;
    ColumnOrder order = new ColumnOrder(Math.min(fromChannels, to.channels()), across.targets());
    this.alongRow = new RowFilter(across, order, this.plane);
  }

  /** From a part of upright rows, through any filters. */
  private static Resampling ofPart(
      PicturePart picture, ImageShape to, AxisFilter across, AxisFilter down) {
    int channels = picture.whole().channels();
    return new Resampling(channels, Orientation.UPRIGHT, to, across, down, picture.plane());
  }

  /**
   * A part of a picture, resized in one step; the picture itself where it is all of it and of that
   * size. The argument is not changed.
   */
  public static Picture crop(Picture picture, CropBox box, ImageShape to) {
    ImageShape from = picture.shape();
    if (from.equals(to) && box.height() == from.height() && box.width() == from.width()) {
      return picture;
    }
    PicturePart part = PicturePart.whole(picture);
    AxisFilter across = AxisFilter.triangle(box.width(), to.width(), false);
    AxisFilter down = AxisFilter.triangle(box.height(), to.height(), false);
    return ofPart(part, to, across, down).apply(part, box.top(), box.left());
  }

  /**
   * What a network sees of a picture where nothing is random: the shorter side is resized to that
   * of the input, and what is longer then is cut off at both ends.
   */
  public static Picture fit(Picture picture, ImageShape input) {
    return crop(picture, CropBox.covering(picture.shape(), input), input);
  }

  /**
   * A picture whose rows come from rows and whose columns come from columns, zero where the
   * mappings leave the source.
   *
   * @param support the part that may be read
   * @param into receives it
   * @param at where it begins there
   */
  static void warp(
      PicturePart picture,
      AxisMapping rows,
      AxisMapping columns,
      CropBox support,
      Interpolation interpolation,
      byte[] into,
      int at) {
    int channels = picture.whole().channels();
    ImageShape to = new ImageShape(rows.length(), columns.length(), channels);
    if (rows.from() == rows.end() || columns.from() == columns.end()) {
      Arrays.fill(into, at, at + to.size(), (byte) 0);
      return;
    }
    AxisFilter across = AxisFilter.of(columns, support.left(), support.width(), interpolation);
    AxisFilter down = AxisFilter.of(rows, support.top(), support.height(), interpolation);
    ImageShape seen = new ImageShape(down.targets(), across.targets(), channels);
    Resampling shown = ofPart(picture, seen, across, down);
    if (shown.to.equals(to)) {
      shown.apply(picture, support.top(), support.left(), into, at);
    } else {
      PixelCopy.embed(
          shown.apply(picture, support.top(), support.left()),
          to,
          rows.from(),
          columns.from(),
          into,
          at);
    }
  }

  /** Converts 8-bit values in CHW order; the argument is not changed, the result is new. */
  public Picture apply(byte[] pixels) {
    ImageShape shape = new ImageShape(fromHeight, fromWidth, fromChannels);
    return apply(PicturePart.whole(new Picture(shape, pixels)), 0, 0);
  }

  private Picture apply(PicturePart picture, int top, int left) {
    byte[] result = new byte[to.size()];
    apply(picture, top, left, result, 0);
    return new Picture(to, result);
  }

  private void apply(PicturePart picture, int top, int left, byte[] into, int at) {
    Image image = new Image(into, at);
    byte[][] row = new byte[fromChannels][];
    Arrays.fill(row, picture.values());
    int[] starts = new int[fromChannels];
    for (int y = top; y < top + fromHeight; y++) {
      for (int channel = 0; channel < fromChannels; channel++) {
        starts[channel] = picture.index(channel, y, left);
      }
      image.accept(row, starts);
    }
    image.finishRows();
  }

  /** A new image, to be given every stored row once. */
  Image begin() {
    return new Image(new byte[to.size()], 0);
  }

  /** Bytes of heap that one image takes at most while its rows come in, the result included. */
  static long bytes(int fromHeight, int fromWidth, ImageShape to) {
    long side = Math.max(to.height(), to.width());
    // Sums of the lines under way: all of the result when it is the larger, else a few.
    long lines = Math.max(3, 2 + 2 * side / Math.min(fromHeight, fromWidth));
    long line = Math.max(Math.max(fromHeight, fromWidth), side);
    long filters = 40L * (fromHeight + fromWidth) + 80L * (to.height() + to.width());
    long pair = line * (4L * Integer.BYTES + 2) * to.channels();
    return to.size()
        + line * Math.min(lines, side + 1) * Integer.BYTES * to.channels()
        + pair
        + filters;
  }

  /** One image whose rows are taken as they come, so that it is never in memory as a whole. */
  final class Image implements Rows {
    private final byte[] result;

    /** Where it begins. */
    private final int start;

    private final int channels = Math.min(fromChannels, to.channels());
    private final boolean transposed = orientation.transposed();
    private final boolean copied =
        !transposed && acrossStoredRow.isIdentity() && downStoredColumn.isIdentity();

    /** Columns, if they come before rows, are in the order of their filter. */
    private final ColumnOrder order = alongRow.order();

    private final int lineLength = transposed ? channels * fromWidth : order.length();

    /** Two rows, which are summed up together, with all their channels. */
    private final int[][] lines = new int[2][copied ? 0 : lineLength];

    /** Of a line of the result that is under way, the sums; else null. */
    private final int[][] sums = new int[downStoredColumn.targets()][];

    /** Arrays of finished lines. */
    private final Deque<int[]> idle = new ArrayDeque<>();

    private final byte[][] luma = {new byte[fromChannels > channels ? fromWidth : 0]};

    /** A row of all channels, where they are not in one array already. */
    private final byte[] gathered = new byte[gathers && !copied ? channels * plane : 0];

    private final int[] fetched = new int[copied ? 0 : order.length()];
    private final RowNarrowing narrowing = new RowNarrowing(order);

    /** A column of the result, where columns come last. */
    private final int[] column = new int[transposed ? order.length() : 0];

    /** Where channels begin that have arrays of their own. */
    private final int[] beginnings = new int[fromChannels];

    private int y;

    private Image(byte[] result, int start) {
      this.result = result;
      this.start = start;
    }

    @Override
    public void accept(byte[][] row) {
      accept(row, beginnings);
    }

    /** Takes the next row, whose channels begin at {@code starts} in their arrays. */
    private void accept(byte[][] row, int[] starts) {
      if (fromChannels > channels) {
        toLuma(row, starts);
        take(luma, beginnings);
      } else {
        take(row, starts);
      }
      if (!copied && y % 2 == 1) {
        add(y - 1, 2);
      }
      y++;
    }

    /** The finished image; to be asked once, after the last row. */
    Picture finish() {
      finishRows();
      return new Picture(to, result);
    }

    private void finishRows() {
      if (y != fromHeight) {
        throw new IllegalStateException(
            "Cannot resize an image: expected " + fromHeight + " rows, found " + y + ".");
      }
      if (!copied && y % 2 == 1) {
        add(y - 1, 1);
      }
      for (int channel = channels; channel < to.channels(); channel++) {
        System.arraycopy(result, start, result, start + channel * to.planeSize(), to.planeSize());
      }
    }

    private void toLuma(byte[][] row, int[] starts) {
      for (int x = 0; x < fromWidth; x++) {
        luma[0][x] = Luma.of(row[0][starts[0] + x], row[1][starts[1] + x], row[2][starts[2] + x]);
      }
    }

    /** Columns come before rows in the image that is seen, and 8-bit values in between. */
    private void take(byte[][] row, int[] starts) {
      if (copied) {
        for (int channel = 0; channel < channels; channel++) {
          int at = start + channel * to.planeSize() + y * fromWidth;
          System.arraycopy(row[channel], starts[channel], result, at, fromWidth);
        }
      } else if (transposed) {
        for (int channel = 0; channel < channels; channel++) {
          widen(row[channel], starts[channel], lines[y % 2], channel * fromWidth);
        }
      } else if (gathers) {
        for (int channel = 0; channel < channels; channel++) {
          System.arraycopy(row[channel], starts[channel], gathered, channel * plane, fromWidth);
        }
        alongRow.apply(gathered, 0, fetched, lines[y % 2]);
      } else {
        alongRow.apply(row[0], starts[0], fetched, lines[y % 2]);
      }
    }

    private void widen(byte[] row, int from, int[] line, int at) {
      for (int x = 0; x < fromWidth; x++) {
        line[at + x] = row[from + x] & 0xff;
      }
    }

    /** Adds two rows to the lines that they are part of, or the first of them alone. */
    private void add(int row, int rows) {
      int last = row + rows - 1;
      int end = Math.max(downStoredColumn.endTarget(row), downStoredColumn.endTarget(last));
      for (int target =
              Math.min(downStoredColumn.firstTarget(row), downStoredColumn.firstTarget(last));
          target < end;
          target++) {
        int weight = downStoredColumn.weight(target, row);
        int next = rows == 1 ? 0 : downStoredColumn.weight(target, last);
        int[] sum = sums[target];
        if (sum == null) {
          sum = idle.isEmpty() ? new int[lines[0].length] : idle.pop();
          sums[target] = sum;
          begin(sum, weight, lines[0], next, lines[1]);
        } else {
          add(sum, weight, lines[0], next, lines[1]);
        }
        if (downStoredColumn.lastSource(target) <= last) {
          finishLine(target, sum);
          sums[target] = null;
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

    private void finishLine(int target, int[] sum) {
      downStoredColumn.limit(sum);
      if (transposed) {
        for (int channel = 0; channel < channels; channel++) {
          narrow(sum, channel * fromWidth, gathered, channel * plane);
        }
        alongRow.apply(gathered, 0, fetched, column);
        putColumn(target);
      } else {
        narrowing.narrow(sum, result, start + target * to.width(), to.planeSize());
      }
    }

    private void narrow(int[] sum, int from, byte[] into, int at) {
      for (int x = 0; x < fromWidth; x++) {
        into[at + x] = (byte) (sum[from + x] >> AxisFilter.FRACTION_BITS);
      }
    }

    private void putColumn(int x) {
      for (int channel = 0; channel < channels; channel++) {
        for (int row = 0; row < to.height(); row++) {
          int at = start + channel * to.planeSize() + row * to.width() + x;
          result[at] = (byte) column[order.place(channel, row)];
        }
      }
    }
  }
}
