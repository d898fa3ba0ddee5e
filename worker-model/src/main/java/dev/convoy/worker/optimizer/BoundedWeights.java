package dev.convoy.worker.optimizer;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Weights whose Euclidean norm per unit is bounded: [inputs, units], or [units, inputs, height,
 * width] of a convolution.
 */
final class BoundedWeights {
  private final ParameterRange range;
  private final int units;
  private final long weightsOfUnit;
  private final boolean unitAfterUnit;

  /**
   * Of a layer.
   *
   * @param weights a view of the range
   */
  BoundedWeights(ParameterRange range, INDArray weights) {
    this.range = range;
    int unitAxis = weights.rank() == 2 ? 1 : 0;
    this.units = Math.toIntExact(weights.size(unitAxis));
    this.weightsOfUnit = range.length() / units;
    // A dense layer's are in column order, a convolution's in row order: both one unit's together.
    this.unitAfterUnit = units == 1 || weights.stride(unitAxis) == weightsOfUnit;
  }

  /** Scales the weights of every unit whose norm is larger back to that norm. */
  void bound(double maxNorm) {
    double[] squares = new double[units];
    range.read(
        (parameters, gradient, count, offset) -> {
          for (int i = 0; i < count; i++) {
            squares[unit(offset + i)] += (double) parameters[i] * parameters[i];
          }
        });
    float[] scales = new float[units];
    for (int unit = 0; unit < units; unit++) {
      scales[unit] = (float) Math.min(1, maxNorm / Math.sqrt(squares[unit]));
    }
    range.changeParameters(
        (parameters, gradient, count, offset) -> {
          for (int i = 0; i < count; i++) {
            parameters[i] *= scales[unit(offset + i)];
          }
        });
  }

  private int unit(long position) {
    return (int) (unitAfterUnit ? position / weightsOfUnit : position % units);
  }
}
