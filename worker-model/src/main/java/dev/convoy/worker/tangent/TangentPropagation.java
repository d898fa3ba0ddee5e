package dev.convoy.worker.tangent;

import java.io.Serializable;
import java.util.List;

/**
 * A penalty on how a network's outputs change along tangents of its images (Simard, Victorri, LeCun
 * and Denker 1992; Goodfellow, Bengio and Courville 2016, 7.14): to the loss of an image it adds
 * weight · Σ ‖∂f/∂x · v‖² over the tangents v, where f are the values that the loss is of.
 *
 * @param weight of the penalty, above 0
 * @param movements whose tangents they are, at least one
 * @param step ε of the difference (f(x + ε v) − f(x)) / ε that stands for the derivative, above 0;
 *     in pixels of the movement at the border
 */
public record TangentPropagation(double weight, List<PictureMovement> movements, double step)
    implements Serializable {
  /** Copies the movements. */
  public TangentPropagation {
    movements = List.copyOf(movements);
    if (movements.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot propagate tangents: expected at least one movement, found none.");
    }
  }
}
