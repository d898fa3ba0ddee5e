package dev.convoy.worker.optimizer;

import java.util.List;

/**
 * Brings every value of the gradient into [-largest, largest] (Mikolov, "Statistical language
 * models based on neural networks", 2012).
 */
record ValueClip(float largest) implements GradientClip {
  @Override
  public void apply(List<Segment> segments, FlatVectors vectors) {
    for (Segment segment : segments) {
      vectors.changeGradient(
          segment,
          (parameters, gradient, state, count, offset) -> {
            for (int i = 0; i < count; i++) {
              gradient[i] = Math.max(-largest, Math.min(gradient[i], largest));
            }
          });
    }
  }
}
