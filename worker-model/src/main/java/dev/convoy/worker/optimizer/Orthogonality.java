package dev.convoy.worker.optimizer;

import java.util.function.LongToIntFunction;

/**
 * The soft orthogonality penalty c ‖WᵀW - I‖² of the weights into the units of a layer, one unit a
 * column of W: it adds 4 c W (WᵀW - I) to the gradient (Brock, Lim, Ritchie and Weston, "Neural
 * photo editing with introspective adversarial networks", 2017; Bansal, Chen and Wang, "Can we gain
 * more from orthogonality regularizations in training deep networks?", 2018). Where there are more
 * units than inputs, ‖WWᵀ - I‖² differs from it by a constant and is what is computed.
 *
 * <p>Of n units with m inputs each it takes about 4 n m min(n, m) multiplications.
 */
record Orthogonality(double coefficient) {
  /** Adds the penalty's gradient to that of a segment of weights. */
  void add(Segment segment, FlatVectors vectors) {
    int units = segment.unitCount();
    int inputs = Math.toIntExact(segment.length() / units);
    double[][] weights = weights(segment, vectors, units, inputs);
    double[][] addend =
        units <= inputs
            ? product(gram(weights), weights)
            : product(weights, gram(transposed(weights)));
    LongToIntFunction unitAt = segment.unitAt();
    int[] next = new int[units];
    vectors.changeGradient(
        segment,
        (parameters, gradient, state, count, offset) -> {
          for (int i = 0; i < count; i++) {
            int unit = unitAt.applyAsInt(offset + i);
            gradient[i] += (float) (4 * coefficient * addend[unit][next[unit]++]);
          }
        });
  }

  /** Axes [unit, input], where the inputs are in the order in which they are in memory. */
  private static double[][] weights(Segment segment, FlatVectors vectors, int units, int inputs) {
    LongToIntFunction unitAt = segment.unitAt();
    double[][] weights = new double[units][inputs];
    int[] next = new int[units];
    vectors.read(
        segment,
        (parameters, gradient, state, count, offset) -> {
          for (int i = 0; i < count; i++) {
            int unit = unitAt.applyAsInt(offset + i);
            weights[unit][next[unit]++] = parameters[i];
          }
        });
    return weights;
  }

  /** The products of every two rows, less the identity. */
  private static double[][] gram(double[][] rows) {
    double[][] gram = product(rows, transposed(rows));
    for (int i = 0; i < gram.length; i++) {
      gram[i][i] -= 1;
    }
    return gram;
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] transposed = new double[matrix[0].length][matrix.length];
    for (int row = 0; row < matrix.length; row++) {
      for (int column = 0; column < matrix[row].length; column++) {
        transposed[column][row] = matrix[row][column];
      }
    }
    return transposed;
  }

  private static double[][] product(double[][] left, double[][] right) {
    double[][] product = new double[left.length][right[0].length];
    for (int row = 0; row < left.length; row++) {
      for (int i = 0; i < right.length; i++) {
        double factor = left[row][i];
        for (int column = 0; column < right[i].length; column++) {
          product[row][column] += factor * right[i][column];
        }
      }
    }
    return product;
  }
}
