package dev.convoy.worker.optimizer;

import java.util.List;

/** A bound on the gradient of a batch. Immutable. */
interface GradientClip {
  /**
   * Makes the gradient obey the bound.
   *
   * @param segments of all that is learned
   */
  void apply(List<Segment> segments, FlatVectors vectors);
}
