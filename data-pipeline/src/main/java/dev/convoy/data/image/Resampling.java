package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
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
  private static final int FRACTION_BITS = 22;
  private static final int HALF = 1 << (FRACTION_BITS - 1);

  private final int fromHeight;
  private final int fromWidth;
  private final int fromChannels;
  private final ImageShape to;
  private final Weights columns;
  private final Weights rows;

  /** From images of a height, width and number of channels (1 or 3) to {@code to}. */
  public Resampling(int fromHeight, int fromWidth, int fromChannels, ImageShape to) {
    this.fromHeight = fromHeight;
    this.fromWidth = fromWidth;
    this.fromChannels = fromChannels;
    this.to = to;
    this.columns = new Weights(fromWidth, to.width());
    this.rows = new Weights(fromHeight, to.height());
  }

  /** Converts 8-bit values in CHW order; the argument is not changed, the result is new. */
  public byte[] apply(byte[] pixels) {
    int fromPlane = fromHeight * fromWidth;
    byte[] colours = fromChannels == 3 && to.channels() == 1 ? luma(pixels, fromPlane) : pixels;
    byte[] result = new byte[to.size()];
    for (int channel = 0; channel < to.channels(); channel++) {
      int target = channel * to.planeSize();
      if (channel > 0 && fromChannels == 1) {
        System.arraycopy(result, 0, result, target, to.planeSize());
      } else {
        resizePlane(colours, channel * fromPlane, result, target);
      }
    }
    return result;
  }

  private void resizePlane(byte[] from, int fromStart, byte[] result, int start) {
    byte[] source = from;
    int sourceStart = fromStart;
    if (fromWidth != to.width()) {
      byte[] narrowed = new byte[fromHeight * to.width()];
      resizeRows(from, fromStart, narrowed);
      source = narrowed;
      sourceStart = 0;
    }
    if (fromHeight != to.height()) {
      resizeColumns(source, sourceStart, result, start);
    } else {
      System.arraycopy(source, sourceStart, result, start, to.planeSize());
    }
  }

  private void resizeRows(byte[] from, int fromStart, byte[] narrowed) {
    int width = to.width();
    for (int y = 0; y < fromHeight; y++) {
      int row = fromStart + y * fromWidth;
      for (int x = 0; x < width; x++) {
        int[] weights = columns.of[x];
        int first = row + columns.first[x];
        int sum = HALF;
        for (int i = 0; i < weights.length; i++) {
          sum += weights[i] * (from[first + i] & 0xff);
        }
        narrowed[y * width + x] = toByte(sum);
      }
    }
  }

  private void resizeColumns(byte[] from, int fromStart, byte[] result, int start) {
    int width = to.width();
    int[] sums = new int[width];
    for (int y = 0; y < to.height(); y++) {
      Arrays.fill(sums, HALF);
      int[] weights = rows.of[y];
      for (int i = 0; i < weights.length; i++) {
        int row = fromStart + (rows.first[y] + i) * width;
        for (int x = 0; x < width; x++) {
          sums[x] += weights[i] * (from[row + x] & 0xff);
        }
      }
      for (int x = 0; x < width; x++) {
        result[start + y * width + x] = toByte(sums[x]);
      }
    }
  }

  private static byte toByte(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> FRACTION_BITS));
  }

  private static byte[] luma(byte[] pixels, int plane) {
    byte[] grey = new byte[plane];
    for (int i = 0; i < plane; i++) {
      int red = pixels[i] & 0xff;
      int green = pixels[plane + i] & 0xff;
      int blue = pixels[2 * plane + i] & 0xff;
      grey[i] = (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
    }
    return grey;
  }

  /** For every target coordinate, the source coordinates that it is a weighted mean of. */
  private static final class Weights {
    final int[] first;
    final int[][] of;

    Weights(int from, int to) {
      first = new int[to];
      of = new int[to][];
      double scale = (double) from / to;
      double filterScale = Math.max(1, scale);
      for (int target = 0; target < to; target++) {
        double center = (target + 0.5) * scale;
        first[target] = Math.max(0, (int) (center - filterScale + 0.5));
        int end = Math.min(from, (int) (center + filterScale + 0.5));
        of[target] = weights(first[target], end, center, filterScale);
      }
    }

    private static int[] weights(int first, int end, double center, double filterScale) {
      double[] triangle = new double[end - first];
      double sum = 0;
      for (int i = 0; i < triangle.length; i++) {
        double distance = Math.abs((i + first - center + 0.5) / filterScale);
        triangle[i] = Math.max(0, 1 - distance);
        sum += triangle[i];
      }
      int[] weights = new int[triangle.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (int) (0.5 + triangle[i] / sum * (1 << FRACTION_BITS));
      }
      return weights;
    }
  }
}
