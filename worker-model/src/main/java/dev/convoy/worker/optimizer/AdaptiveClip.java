package dev.convoy.worker.optimizer;

import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.List;
import java.util.function.LongToIntFunction;

/**
 * Shortens the gradient of the weights into a unit to a share of the norm of the weights, which
 * counts as at least 0.001; other parameters are taken together. The layers that give the answer
 * are not clipped (Brock, De, Smith and Simonyan, "High-performance large-scale image recognition
 * without normalization", 2021).
 *
 * @param heads their names
 */
record AdaptiveClip(double share, List<String> heads) implements GradientClip {
  private static final double LEAST_NORM = 1e-3;

  @Override
  public void apply(List<Segment> segments, FlatVectors vectors) {
    for (Segment segment : segments) {
      if (!heads.contains(segment.layer())) {
        clip(segment, vectors);
      }
    }
  }

  private void clip(Segment segment, FlatVectors vectors) {
    boolean isWeight = segment.kind() == Kind.WEIGHT;
    LongToIntFunction unitAt = isWeight ? segment.unitAt() : position -> 0;
    int units = isWeight ? segment.unitCount() : 1;
    double[] weights = new double[units];
    double[] gradients = new double[units];
    vectors.read(
        segment,
        (parameters, gradient, state, count, offset) -> {
          FlatVectors.addSquares(weights, unitAt, parameters, count, offset);
          FlatVectors.addSquares(gradients, unitAt, gradient, count, offset);
        });
    float[] scales = new float[units];
    for (int unit = 0; unit < units; unit++) {
      double largest = share * Math.max(Math.sqrt(weights[unit]), LEAST_NORM);
      scales[unit] = (float) Math.min(1, largest / Math.sqrt(gradients[unit]));
    }
    vectors.changeGradient(
        segment,
        (parameters, gradient, state, count, offset) ->
            FlatVectors.scale(scales, unitAt, gradient, count, offset));
  }
}
