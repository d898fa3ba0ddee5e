package dev.convoy.data.image;

import java.util.Arrays;
import java.util.Optional;

/**
 * A projective mapping: with {@code w = wx x + wy y + 1}, a position (x, y) of the target comes
 * from {@code ((xx x + xy y + x0) / w, (yx x + yy y + y0) / w)} of the source.
 */
public record Projection(
    double xx, double xy, double x0, double yx, double yy, double y0, double wx, double wy)
    implements Mapping {
  /** Every position comes from itself. */
  public static final Projection IDENTITY = affine(1, 0, 0, 0, 1, 0);

  /** A mapping that keeps parallels parallel. */
  public static Projection affine(
      double xx, double xy, double x0, double yx, double yy, double y0) {
    return new Projection(xx, xy, x0, yx, yy, y0, 0, 0);
  }

  /** Positions come from so many pixels further right and down. */
  public static Projection shift(double x, double y) {
    return affine(1, 0, x, 0, 1, y);
  }

  /** Coordinates come from so many times themselves. */
  public static Projection scale(double x, double y) {
    return affine(x, 0, 0, 0, y, 0);
  }

  /**
   * What is seen is turned counter-clockwise around the origin. Quarters of a turn are exact.
   *
   * @param degrees any angle
   */
  public static Projection rotation(double degrees) {
    double turned = degrees % 360;
    double sine = StrictMath.sin(Math.toRadians(turned));
    double cosine = StrictMath.cos(Math.toRadians(turned));
    if (turned % 90 == 0) {
      sine = Math.rint(sine);
      cosine = Math.rint(cosine);
    }
    return affine(cosine, -sine, 0, sine, cosine, 0);
  }

  /**
   * The mapping by which four positions of the target come from four of the source; empty where
   * there is none since three of them lie on a line.
   *
   * @param target x and y of each position
   * @param source x and y of each
   */
  public static Optional<Projection> between(double[] target, double[] source) {
    double[][] equations = new double[8][];
    for (int i = 0; i < 8; i += 2) {
      double x = target[i];
      double y = target[i + 1];
      double column = source[i];
      double row = source[i + 1];
      equations[i] = new double[] {x, y, 1, 0, 0, 0, -column * x, -column * y, column};
      equations[i + 1] = new double[] {0, 0, 0, x, y, 1, -row * x, -row * y, row};
    }
    double[] p = solve(equations);
    return Arrays.stream(p).allMatch(Double::isFinite)
        ? Optional.of(new Projection(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]))
        : Optional.empty();
  }

  /** Solves linear equations, whose last column is their right side, by elimination. */
  private static double[] solve(double[][] equations) {
    int unknowns = equations.length;
    for (int pivot = 0; pivot < unknowns; pivot++) {
      for (int other = pivot + 1; other < unknowns; other++) {
        if (Math.abs(equations[other][pivot]) > Math.abs(equations[pivot][pivot])) {
          double[] kept = equations[pivot];
          equations[pivot] = equations[other];
          equations[other] = kept;
        }
      }
      for (int row = 0; row < unknowns; row++) {
        double share = row == pivot ? 0 : equations[row][pivot] / equations[pivot][pivot];
        for (int column = pivot; column <= unknowns && share != 0; column++) {
          equations[row][column] -= share * equations[pivot][column];
        }
      }
    }
    double[] solution = new double[unknowns];
    for (int i = 0; i < unknowns; i++) {
      solution[i] = equations[i][unknowns] / equations[i][i];
    }
    return solution;
  }

  /** First {@code inner}, then this: where this says that the positions of {@code inner} lie. */
  public Projection of(Projection inner) {
    double w = wx * inner.x0 + wy * inner.y0 + 1;
    return new Projection(
        (xx * inner.xx + xy * inner.yx + x0 * inner.wx) / w,
        (xx * inner.xy + xy * inner.yy + x0 * inner.wy) / w,
        (xx * inner.x0 + xy * inner.y0 + x0) / w,
        (yx * inner.xx + yy * inner.yx + y0 * inner.wx) / w,
        (yx * inner.xy + yy * inner.yy + y0 * inner.wy) / w,
        (yx * inner.x0 + yy * inner.y0 + y0) / w,
        (wx * inner.xx + wy * inner.yx + inner.wx) / w,
        (wx * inner.xy + wy * inner.yy + inner.wy) / w);
  }

  /** This, with a position in place of the origin. */
  public Projection around(double x, double y) {
    return shift(x, y).of(this).of(shift(-x, -y));
  }

  /**
   * This with coefficients in multiples of 2<sup>-16</sup>, as Pillow takes them where it shows the
   * nearest pixel: positions halfway between two pixels then fall to the same one.
   */
  Projection inFixedPoint() {
    if (isAxisAligned() || wx != 0 || wy != 0) {
      return this;
    }
    return affine(
        fixed(xx),
        fixed(xy),
        fixed(x0 + (xx + xy) / 2) - (fixed(xx) + fixed(xy)) / 2,
        fixed(yx),
        fixed(yy),
        fixed(y0 + (yx + yy) / 2) - (fixed(yx) + fixed(yy)) / 2);
  }

  private static double fixed(double value) {
    return Math.floor(value * 0x1p16 + 0.5) * 0x1p-16;
  }

  /** Whether every position comes from itself. */
  boolean isIdentity() {
    return isAxisAligned() && xx == 1 && yy == 1 && x0 == 0 && y0 == 0;
  }

  /** Whether rows come from rows and columns from columns. */
  boolean isAxisAligned() {
    return xy == 0 && yx == 0 && wx == 0 && wy == 0;
  }

  /** Whether pixels come from whole pixels, in rows and columns as they were or mirrored. */
  boolean isCopy() {
    return isAxisAligned()
        && Math.abs(xx) == 1
        && Math.abs(yy) == 1
        && x0 == Math.rint(x0)
        && y0 == Math.rint(y0);
  }

  /** Whether steps of one pixel of the source are nowhere less than one pixel of the target. */
  boolean shrinksNothing() {
    double area = xx * yy - xy * yx;
    return wx == 0
        && wy == 0
        && area * area <= PositionSampler.NO_SHRINK * (yx * yx + yy * yy)
        && area * area <= PositionSampler.NO_SHRINK * (xx * xx + xy * xy);
  }

  @Override
  public void apply(double[] x, double[] y, int count) {
    if (wx == 0 && wy == 0) {
      for (int i = 0; i < count; i++) {
        double column = x[i];
        double row = y[i];
        x[i] = xx * column + xy * row + x0;
        y[i] = yx * column + yy * row + y0;
      }
    } else {
      for (int i = 0; i < count; i++) {
        double column = x[i];
        double row = y[i];
        double w = wx * column + wy * row + 1;
        // What lies behind the viewer comes from nowhere.
        x[i] = w > 0 ? (xx * column + xy * row + x0) / w : Double.NaN;
        y[i] = w > 0 ? (yx * column + yy * row + y0) / w : Double.NaN;
      }
    }
  }
}
