package dev.convoy.data.image;

/** What lies beyond the border of a picture. */
public enum Border {
  /** Zeros. */
  ZERO,
  /** The picture mirrored at its outermost pixels, which are not repeated. */
  REFLECT,
  /** The outermost pixel. */
  EDGE;

  /** The pixel of a line that stands for one at any index; zeros are for the caller to notice. */
  int inside(int index, int length) {
    if (index >= 0 && index < length) {
      return index;
    }
    if (this != REFLECT || length == 1) {
      return Math.max(0, Math.min(length - 1, index));
    }
    int folded = Math.floorMod(index, 2 * length - 2);
    return folded < length ? folded : 2 * length - 2 - folded;
  }
}
