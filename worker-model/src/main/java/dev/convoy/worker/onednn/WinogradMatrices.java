package dev.convoy.worker.onednn;

/**
 * The matrices of Winograd's algorithm for 4 × 4 results of 3 × 3 kernels: B, A and G of Lavin and
 * Gray, over the points 0, 5/8, -5/8, 3/2, -3/2 and infinity. With their 1 and 2 the largest error
 * is five times as large; all factors of images and results are exact in single precision.
 */
final class WinogradMatrices {
  private static final double NEAR = 5 / 8.0;
  private static final double FAR = 3 / 2.0;
  private static final double NEAR_SQUARED = NEAR * NEAR;
  private static final double FAR_SQUARED = FAR * FAR;
  private static final double[] POINTS = {0, NEAR, -NEAR, FAR, -FAR};

  private WinogradMatrices() {}

  /** From 6 pixels in a line to the factors of 6 products, axes [factor, pixel]. */
  static double[][] images() {
    double last = NEAR_SQUARED * FAR_SQUARED;
    double middle = -(NEAR_SQUARED + FAR_SQUARED);
    return new double[][] {
      {last, 0, middle, 0, 1, 0},
      image(NEAR, FAR_SQUARED),
      image(-NEAR, FAR_SQUARED),
      image(FAR, NEAR_SQUARED),
      image(-FAR, NEAR_SQUARED),
      {0, last, 0, middle, 0, 1}
    };
  }

  /** Coefficients of x (x + point) (x² - square), which is 0 at all other points. */
  private static double[] image(double point, double square) {
    return new double[] {0, -point * square, -square, point, 1, 0};
  }

  /** From 6 sums of products to 4 results in a line, axes [result, product]. */
  static double[][] results() {
    double[][] matrix = new double[TileGrid.EDGE][POINTS.length + 1];
    for (int power = 0; power < matrix.length; power++) {
      for (int i = 0; i < POINTS.length; i++) {
        matrix[power][i] = Math.pow(POINTS[i], power);
      }
    }
    matrix[TileGrid.EDGE - 1][POINTS.length] = 1;
    return matrix;
  }

  /** From 3 elements of a kernel in a line to the factors of 6 products, axes [factor, element]. */
  static double[][] kernels() {
    double[] divisors = {
      NEAR_SQUARED * FAR_SQUARED,
      2 * NEAR_SQUARED * (NEAR_SQUARED - FAR_SQUARED),
      2 * NEAR_SQUARED * (NEAR_SQUARED - FAR_SQUARED),
      2 * FAR_SQUARED * (FAR_SQUARED - NEAR_SQUARED),
      2 * FAR_SQUARED * (FAR_SQUARED - NEAR_SQUARED)
    };
    double[][] matrix = new double[POINTS.length + 1][3];
    for (int i = 0; i < POINTS.length; i++) {
      for (int power = 0; power < 3; power++) {
        matrix[i][power] = Math.pow(POINTS[i], power) / divisors[i];
      }
    }
    matrix[POINTS.length][2] = 1;
    return matrix;
  }
}
