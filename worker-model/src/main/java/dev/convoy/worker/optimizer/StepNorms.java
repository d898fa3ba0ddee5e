package dev.convoy.worker.optimizer;

import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Euclidean norms of one step, by segment in the order of {@link Segment#of}; 0 for running
 * statistics, which no step changes. Whoever is given it may change the arrays.
 *
 * @param parameters before the step
 * @param gradients of the mean loss, before clips and without penalties
 * @param updates what the step took off, before max-norm
 */
public record StepNorms(double[] parameters, double[] gradients, double[] updates) {
  /** Of a network with so many segments. */
  StepNorms(int segments) {
    this(new double[segments], new double[segments], new double[segments]);
  }

  /**
   * The update of some segments as a share of their parameters, ‖Δw‖ / ‖w‖; not a number where
   * these are all 0.
   */
  public double updateRatio(int[] segments) {
    return norm(updates, segments) / norm(parameters, segments);
  }

  private static double norm(double[] norms, int[] segments) {
    double squares = 0;
    for (int segment : segments) {
      squares += norms[segment] * norms[segment];
    }
    return Math.sqrt(squares);
  }

  /** The places of the weights among the segments of a network. */
  public static int[] weights(List<Segment> segments) {
    return IntStream.range(0, segments.size())
        .filter(i -> segments.get(i).kind() == Kind.WEIGHT)
        .toArray();
  }
}
