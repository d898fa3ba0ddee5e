package dev.convoy.worker.model.layer;

/**
 * The windows along one axis of a pooling to a given extent. The i-th of n windows over m pixels is
 * from floor(i m / n) up to ceil((i + 1) m / n): they cover all pixels, overlap where n does not
 * divide m, and repeat pixels where n is larger than m.
 *
 * @param pixels m, at least 1
 * @param count n, at least 1
 */
public record AdaptiveWindows(long pixels, long count) {
  /** Checks the extents. */
  public AdaptiveWindows {
    if (pixels < 1 || count < 1) {
      throw new IllegalArgumentException(
          "Cannot pool to a given extent: expected at least 1 pixel and 1 window, found "
              + pixels
              + " and "
              + count
              + ".");
    }
  }

  /** The first pixel of a window. */
  public long from(long window) {
    return window * pixels / count;
  }

  /** The pixel behind the last one of a window. */
  public long to(long window) {
    return ((window + 1) * pixels + count - 1) / count;
  }

  /** How many pixels the largest window has. */
  public long largest() {
    long largest = 0;
    for (long window = 0; window < count; window++) {
      largest = Math.max(largest, to(window) - from(window));
    }
    return largest;
  }

  /** How far windows are apart, on average, rounded down; at least 1. */
  public long stride() {
    return Math.max(1, pixels / count);
  }

  /** Whether all windows are of one size and equally far apart, as those of a plain pooling. */
  public boolean isRegular() {
    for (long window = 0; window < count; window++) {
      if (from(window) != window * stride() || to(window) - from(window) != largest()) {
        return false;
      }
    }
    return true;
  }
}
