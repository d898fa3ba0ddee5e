package dev.convoy.worker.cuda.simulation;

/** C = alpha × A B + beta × C, from the formula and with sums in double precision. */
record MatrixProduct(Factor a, Factor b, int m, int n, int k, int leading) {
  /**
   * A factor.
   *
   * @param outer how far apart two rows of A or two columns of B are
   * @param inner how far apart two values are that are summed over
   */
  record Factor(int outer, int inner) {}

  /** What C becomes. */
  void compute(
      DeviceOperand left, DeviceOperand right, DeviceOperand result, float alpha, float beta) {
    result.requireApartFrom(left);
    result.requireApartFrom(right);
    float[] x = left.read();
    float[] y = right.read();
    float[] values = result.read();
    for (int column = 0; column < n; column++) {
      for (int row = 0; row < m; row++) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
          sum +=
              (double) x[row * a.outer() + i * a.inner()] * y[column * b.outer() + i * b.inner()];
        }
        int at = row + column * leading;
        double rest = beta == 0 ? 0 : (double) beta * values[at];
        values[at] = (float) (alpha * sum + rest);
      }
    }
    result.write(values);
  }
}
