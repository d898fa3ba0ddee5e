package dev.convoy.worker.onednn;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The matrices of Winograd's algorithm for 4 × 4 results of square kernels: B, A and G of Lavin and
 * Gray, over some points and infinity. All factors of images and results are exact in single
 * precision.
 */
final class WinogradMatrices {
  /** With 1 and 2 instead the largest error is five times as large. */
  private static final double[] OF_THREE = {0, 5 / 8.0, -5 / 8.0, 3 / 2.0, -3 / 2.0};

  private static final double[] OF_FIVE = {0, 1 / 2.0, -1 / 2.0, 1, -1, 2, -2};

  private final int kernel;
  private final double[] points;

  private WinogradMatrices(int kernel, double... points) {
    this.kernel = kernel;
    this.points = points;
  }

  /** Whether there are any for kernels of so many elements in a line. */
  static boolean has(long kernel) {
    return kernel == 3 || kernel == 5;
  }

  /** Those for kernels of so many elements in a line, of which there {@link #has} to be some. */
  static WinogradMatrices of(long kernel) {
    if (!has(kernel)) {
      throw new IllegalArgumentException("Expected kernels of 3 or 5, not of " + kernel);
    }
    return kernel == 3 ? new WinogradMatrices(3, OF_THREE) : new WinogradMatrices(5, OF_FIVE);
  }

  /** Elements of a kernel in a line. */
  int kernel() {
    return kernel;
  }

  /** Products for 4 results in a line, and pixels that they are made of. */
  int edge() {
    return points.length + 1;
  }

  /** Products for 4 × 4 results, for each channel and filter. */
  int products() {
    return edge() * edge();
  }

  /** From pixels in a line to the factors of as many products, axes [factor, pixel]. */
  double[][] images() {
    double[][] matrix = new double[edge()][];
    for (int i = 0; i < points.length; i++) {
      matrix[i] = polynomial(without(i));
    }
    matrix[points.length] = polynomial(points);
    return matrix;
  }

  /** From sums of products to 4 results in a line, axes [result, product]. */
  double[][] results() {
    double[][] matrix = new double[TileGrid.EDGE][edge()];
    for (int power = 0; power < matrix.length; power++) {
      for (int i = 0; i < points.length; i++) {
        matrix[power][i] = Math.pow(points[i], power);
      }
    }
    matrix[TileGrid.EDGE - 1][points.length] = 1;
    return matrix;
  }

  /** From elements of a kernel in a line to the factors of products, axes [factor, element]. */
  double[][] kernels() {
    double[][] matrix = new double[edge()][kernel];
    for (int i = 0; i < points.length; i++) {
      double point = points[i];
      double divisor =
          Arrays.stream(without(i)).map(other -> point - other).reduce(1, (a, b) -> a * b);
      for (int power = 0; power < kernel; power++) {
        matrix[i][power] = Math.pow(point, power) / divisor;
      }
    }
    matrix[points.length][kernel - 1] = 1;
    return matrix;
  }

  private double[] without(int index) {
    return IntStream.range(0, points.length)
        .filter(i -> i != index)
        .mapToDouble(i -> points[i])
        .toArray();
  }

  /** The coefficients, from the constant on, of the polynomial that is 0 at these points. */
  private double[] polynomial(double... zeros) {
    double[] coefficients = new double[edge()];
    coefficients[0] = 1;
    for (int degree = 0; degree < zeros.length; degree++) {
      for (int power = degree + 1; power >= 0; power--) {
        double lower = power > 0 ? coefficients[power - 1] : 0;
        coefficients[power] = lower - zeros[degree] * coefficients[power];
      }
    }
    return coefficients;
  }
}
