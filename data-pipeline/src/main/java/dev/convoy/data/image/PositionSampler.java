package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import java.util.Arrays;

/**
 * Reads a picture at any positions: nearest pixel, or bilinear. Positions in the same row of a
 * result, and those of its neighbours, also tell by how much the picture shrinks there. To be used
 * by one thread.
 */
final class PositionSampler {
  /** Of the weights of two pixels; four weights and a value fit into an int. */
  private static final int FRACTION_BITS = 11;

  private static final int ONE = 1 << FRACTION_BITS;
  private static final int HALF = 1 << (2 * FRACTION_BITS - 1);

  /** The square of a shrink by less than a thousandth, which rounding may make of none. */
  static final double NO_SHRINK = 1.002;

  /** Of pixels that count for a position, where it covers more than the picture has. */
  private static final int MOST_TAPS = 64;

  /** Farther from the picture than this, a position is nowhere. */
  private static final double FAR = 1e8;

  private final byte[] pixels;
  private final PicturePart part;
  private final int channels;
  private final Interpolation interpolation;
  private final Border border;
  private final int left;
  private final int top;
  private final int width;
  private final int height;
  private final Taps columns = new Taps();
  private final Taps rows = new Taps();

  /** Where the pixels of one row of a result come from. */
  @FunctionalInterface
  interface Positions {
    /**
     * Replaces positions of the result by positions of the picture.
     *
     * @param shown becomes false where the position shows nothing
     */
    void find(double[] x, double[] y, boolean[] shown);
  }

  /**
   * A sampler of a picture.
   *
   * @param support what may be read; it goes on beyond as {@code border} says, or with its
   *     outermost pixels, since the half pixel around it is interpolated too
   */
  PositionSampler(
      PicturePart picture, CropBox support, Interpolation interpolation, Border border) {
    this.part = picture;
    this.pixels = picture.values();
    this.channels = picture.whole().channels();
    this.interpolation = interpolation;
    this.border = border;
    this.left = support.left();
    this.top = support.top();
    this.width = support.width();
    this.height = support.height();
  }

  /**
   * A picture of a size; what comes from nowhere is zero.
   *
   * @param into receives it
   * @param at where it begins there
   */
  void sample(ImageShape to, Positions positions, byte[] into, int at) {
    Arrays.fill(into, at, at + to.size(), (byte) 0);
    Row row = new Row(to.width() + 1);
    Row below = new Row(to.width() + 1);
    boolean widening = interpolation == Interpolation.BILINEAR;
    row.find(0, positions);
    for (int v = 0; v < to.height(); v++) {
      below.find(v + 1, positions);
      for (int u = 0; u < to.width(); u++) {
        if (row.isShown(u)) {
          int target = at + v * to.width() + u;
          if (interpolation == Interpolation.NEAREST) {
            nearest(row.x[u], row.y[u], into, target, to.planeSize());
          } else if (widening && row.shrinks(u, below)) {
            widened(row.x[u], row.y[u], row, into, target, to.planeSize());
          } else {
            bilinear(row.x[u], row.y[u], into, target, to.planeSize());
          }
        }
      }
      Row above = row;
      row = below;
      below = above;
    }
  }

  private int column(int index) {
    return left + border.inside(index - left, width);
  }

  private int row(int index) {
    return top + border.inside(index - top, height);
  }

  private void nearest(double x, double y, byte[] result, int target, int targetPlane) {
    int source = part.index(0, row((int) Math.floor(y)), column((int) Math.floor(x)));
    for (int channel = 0; channel < channels; channel++) {
      result[target + channel * targetPlane] = pixels[source + channel * part.plane()];
    }
  }

  private void bilinear(double x, double y, byte[] result, int target, int targetPlane) {
    int column = (int) Math.floor(x - 0.5);
    int row = (int) Math.floor(y - 0.5);
    int right = (int) ((x - 0.5 - column) * ONE + 0.5);
    int down = (int) ((y - 0.5 - row) * ONE + 0.5);
    int firstColumn = column(column);
    int secondColumn = column(column + 1);
    int firstRow = part.index(0, row(row), 0);
    int secondRow = part.index(0, row(row + 1), 0);
    for (int channel = 0; channel < channels; channel++) {
      int from = channel * part.plane();
      int above =
          (pixels[from + firstRow + firstColumn] & 0xff) * (ONE - right)
              + (pixels[from + firstRow + secondColumn] & 0xff) * right;
      int beneath =
          (pixels[from + secondRow + firstColumn] & 0xff) * (ONE - right)
              + (pixels[from + secondRow + secondColumn] & 0xff) * right;
      result[target + channel * targetPlane] =
          (byte) ((above * (ONE - down) + beneath * down + HALF) >> (2 * FRACTION_BITS));
    }
  }

  private void widened(double x, double y, Row at, byte[] result, int target, int targetPlane) {
    columns.find(x, at.shrinkX, left, width);
    rows.find(y, at.shrinkY, top, height);
    float whole = columns.sum * rows.sum;
    for (int channel = 0; channel < channels; channel++) {
      float sum = 0;
      for (int j = 0; j < rows.count; j++) {
        int start = part.index(channel, rows.index[j], 0);
        float line = 0;
        for (int i = 0; i < columns.count; i++) {
          line += columns.weight[i] * (pixels[start + columns.index[i]] & 0xff);
        }
        sum += rows.weight[j] * line;
      }
      result[target + channel * targetPlane] = (byte) (int) (sum / whole + 0.5f);
    }
  }

  /** The pixels of one axis that count for a position, and how much. */
  private final class Taps {
    private int[] index = new int[16];
    private float[] weight = new float[16];
    private int count;
    private float sum;

    /**
     * A triangle that reaches {@code wanted} pixels to both sides, at least one. What goes on
     * beyond the picture repeats it, so that a triangle of twice its length is wide enough, and
     * some of the pixels of one that is wider than the picture: near a horizon a pixel covers
     * millions.
     */
    void find(double position, double wanted, int start, int length) {
      double reach = border == Border.ZERO ? wanted : Math.min(wanted, length);
      int from = (int) Math.ceil(position - reach - 0.5);
      int to = (int) Math.floor(position + reach - 0.5);
      if (border == Border.ZERO) {
        from = Math.max(start, from);
        to = Math.min(start + length - 1, to);
      }
      if (from > to) {
        from = to = start + border.inside((int) Math.floor(position) - start, length);
      }
      int covered = to - from + 1;
      int step = covered <= length ? 1 : (covered + MOST_TAPS - 1) / MOST_TAPS;
      count = (covered + step - 1) / step;
      if (count > index.length) {
        index = new int[2 * count];
        weight = new float[2 * count];
      }
      sum = 0;
      for (int i = 0; i < count; i++) {
        int pixel = from + i * step;
        index[i] = start + border.inside(pixel - start, length);
        weight[i] = (float) Math.max(0, 1 - Math.abs(pixel + 0.5 - position) / reach);
        sum += weight[i];
      }
      if (!(sum > 0)) {
        Arrays.fill(weight, 0, count, 1);
        sum = count;
      }
    }
  }

  /** The positions of one row of a result, and of the pixel to its right. */
  private static final class Row {
    private final double[] x;
    private final double[] y;
    private final boolean[] shown;
    private double shrinkX;
    private double shrinkY;

    Row(int length) {
      x = new double[length];
      y = new double[length];
      shown = new boolean[length];
    }

    void find(int v, Positions positions) {
      for (int u = 0; u < x.length; u++) {
        x[u] = u + 0.5;
        y[u] = v + 0.5;
      }
      Arrays.fill(shown, true);
      positions.find(x, y, shown);
    }

    /** False beyond a border of zeros, and where a projection has no position. */
    boolean isShown(int u) {
      return shown[u] && Math.abs(x[u]) < FAR && Math.abs(y[u]) < FAR;
    }

    /**
     * Finds how many pixels of the picture, across and down, a pixel of the result covers: a step
     * of one pixel of the picture is one of {@code 1 / shrink} pixels of the result. Turning and
     * shearing shrink nothing. True where something shrinks.
     */
    boolean shrinks(int u, Row below) {
      double rightX = x[u + 1] - x[u];
      double rightY = y[u + 1] - y[u];
      double downX = below.x[u] - x[u];
      double downY = below.y[u] - y[u];
      double area = rightX * downY - downX * rightY;
      double square = area * area;
      double alongY = rightY * rightY + downY * downY;
      double alongX = rightX * rightX + downX * downX;
      if (!(square > NO_SHRINK * alongY || square > NO_SHRINK * alongX)) {
        return false;
      }
      shrinkX = Math.max(1, Math.min(FAR, Math.sqrt(square / alongY)));
      shrinkY = Math.max(1, Math.min(FAR, Math.sqrt(square / alongX)));
      return true;
    }
  }
}
