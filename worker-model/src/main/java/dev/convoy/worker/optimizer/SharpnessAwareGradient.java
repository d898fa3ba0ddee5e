package dev.convoy.worker.optimizer;

import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The gradient of sharpness-aware minimisation (Foret et al. 2021): that of the same batch at w + ρ
 * g / ‖g‖, where, nearby and to first order, its loss is highest. Any rule then steps from w with
 * it. The norm is over all parameters that are learned, and g is that of the loss alone: penalties,
 * decay and clips come afterwards, as without it. Running statistics are those that the first
 * gradient left.
 *
 * <p>Belongs to one network and one thread at a time.
 */
public final class SharpnessAwareGradient {
  private final double radius;
  private final List<Segment> statistics;
  private final FlatVectors vectors;

  /**
   * Binds it to a network's parameter and gradient vectors.
   *
   * @param radius ρ, how far nearby reaches, above 0
   */
  public SharpnessAwareGradient(ComputationGraph network, double radius) {
    this.radius = radius;
    this.statistics =
        Segment.of(network).stream()
            .filter(segment -> segment.kind() == Kind.RUNNING_STATISTIC)
            .toList();
    this.vectors =
        new FlatVectors(
            network.params(),
            new NetworkGradient(network),
            new float[1][Math.toIntExact(network.numParams())]);
  }

  /**
   * Replaces the gradient that the network just computed. Where that is zero or not finite, there
   * is no way up, and it stays.
   *
   * @param learned the segments that are learned, in which the loss is looked at
   * @param gradient computes, from the parameters as they then are, that of the same batch
   */
  public void replace(List<Segment> learned, Runnable gradient) {
    double scale = radius / Math.sqrt(vectors.gradientSquares(learned));
    if (Double.isFinite(scale) && scale > 0) {
      List<Segment> moved = new ArrayList<>(statistics);
      moved.addAll(learned);
      moved.forEach(segment -> ascend(segment, (float) scale));
      gradient.run();
      moved.forEach(this::restore);
    }
  }

  /** Keeps the parameters and moves them; of statistics it keeps what is to be taken off them. */
  private void ascend(Segment segment, float scale) {
    boolean measured = segment.kind() == Kind.RUNNING_STATISTIC;
    vectors.changeParameters(
        segment,
        (parameters, gradient, kept, count, offset) -> {
          System.arraycopy(measured ? gradient : parameters, 0, kept[0], 0, count);
          for (int i = 0; i < count && !measured; i++) {
            parameters[i] += scale * gradient[i];
          }
        });
  }

  private void restore(Segment segment) {
    FlatVectors.BlockLoop back =
        segment.kind() == Kind.RUNNING_STATISTIC
            ? (parameters, gradient, kept, count, offset) ->
                System.arraycopy(kept[0], 0, gradient, 0, count)
            : (parameters, gradient, kept, count, offset) ->
                System.arraycopy(kept[0], 0, parameters, 0, count);
    if (segment.kind() == Kind.RUNNING_STATISTIC) {
      vectors.makeGradient(segment, back);
    } else {
      vectors.changeParameters(segment, back);
    }
  }
}
