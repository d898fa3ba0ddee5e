package dev.convoy.worker.optimizer;

import java.util.List;

/**
 * Shortens the whole gradient to a norm if it is longer (Pascanu, Mikolov and Bengio, "On the
 * difficulty of training recurrent neural networks", 2013).
 */
record GlobalNormClip(double largest) implements GradientClip {
  @Override
  public void apply(List<Segment> segments, FlatVectors vectors) {
    double norm = Math.sqrt(vectors.gradientSquares(segments));
    if (norm > largest) {
      float scale = (float) (largest / norm);
      segments.forEach(segment -> vectors.scaleGradient(segment, scale));
    }
  }
}
