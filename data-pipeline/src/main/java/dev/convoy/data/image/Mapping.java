package dev.convoy.data.image;

/**
 * Where the positions of a target lie in a source. Positions are counted in pixels from the top
 * left corner: the middle of the first pixel is (0.5, 0.5).
 */
public sealed interface Mapping permits Displacement, Projection {
  /** Replaces {@code count} positions in the target by those in the source. */
  void apply(double[] x, double[] y, int count);
}
