package dev.convoy.worker.optimizer;

import dev.convoy.worker.optimizer.Segment.Kind;
import java.io.Serializable;
import java.util.function.LongToIntFunction;

/**
 * A bound on the Euclidean norm of the weights into each unit, restored after every step (Srebro
 * and Shraibman 2005; Hinton et al. 2012).
 *
 * @param largest norm; 0 for no bound
 * @param layers that have it
 */
public record MaxNorm(double largest, LayerNames layers) implements Serializable {
  /** Scales the weights into every unit whose norm is larger back to that norm. */
  void restore(Segment segment, FlatVectors vectors) {
    if (largest == 0 || segment.kind() != Kind.WEIGHT || !layers.contain(segment.layer())) {
      return;
    }
    LongToIntFunction unitAt = segment.unitAt();
    double[] squares = new double[segment.unitCount()];
    vectors.read(
        segment,
        (parameters, gradient, state, count, offset) ->
            FlatVectors.addSquares(squares, unitAt, parameters, count, offset));
    float[] scales = new float[squares.length];
    for (int unit = 0; unit < scales.length; unit++) {
      scales[unit] = (float) Math.min(1, largest / Math.sqrt(squares[unit]));
    }
    vectors.changeParameters(
        segment,
        (parameters, gradient, state, count, offset) ->
            FlatVectors.scale(scales, unitAt, parameters, count, offset));
  }
}
