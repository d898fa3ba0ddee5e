package dev.convoy.data.image;

import java.util.List;

/**
 * Where the coordinates of a target lie in a source along one axis, when rows come from rows and
 * columns from columns: coordinate {@code t} comes from {@code scale t + offset}.
 */
final class AxisMapping {
  /** What is as near to a whole number as this was one before it was rounded. */
  private static final double ROUNDING = 1e-9;

  private final double scale;
  private final double offset;
  private final int length;
  private final int from;
  private final int end;

  private AxisMapping(double scale, double offset, int length, int from, int end) {
    this.scale = scale;
    this.offset = offset;
    this.length = length;
    this.from = from;
    this.end = end;
  }

  /**
   * One axis of warps.
   *
   * @param steps the axis of each warp, from the source on
   * @param firstBounded the first of them that shows nothing from beyond what it is applied to
   */
  static AxisMapping of(List<Step> steps, int firstBounded) {
    double scale = 1;
    double offset = 0;
    for (int i = steps.size() - 1; i >= 0; i--) {
      scale = steps.get(i).scale * scale;
      offset = steps.get(i).scale * offset + steps.get(i).offset;
    }
    int length = steps.get(steps.size() - 1).to;
    int from = 0;
    while (from < length && !isShown(from, steps, firstBounded)) {
      from++;
    }
    int end = length;
    while (end > from && !isShown(end - 1, steps, firstBounded)) {
      end--;
    }
    return new AxisMapping(scale, offset, length, from, end);
  }

  private static boolean isShown(int target, List<Step> steps, int firstBounded) {
    double position = target + 0.5;
    for (int i = steps.size() - 1; i >= firstBounded; i--) {
      Step step = steps.get(i);
      position = step.scale * position + step.offset;
      if (!(position >= 0 && position < step.from)) {
        return false;
      }
    }
    return true;
  }

  /** Coordinates of the source for one of the target; negative where the target is mirrored. */
  double scale() {
    return scale;
  }

  /** Coordinates of the target, shown or not. */
  int length() {
    return length;
  }

  /** The first coordinate of the target that comes from the source, not from beyond. */
  int from() {
    return from;
  }

  /** The coordinate after the last that comes from the source. */
  int end() {
    return end;
  }

  boolean isMirrored() {
    return scale < 0;
  }

  /** Whether pixels come from whole pixels. */
  boolean isCopy() {
    return Math.abs(scale) == 1 && offset == Math.rint(offset);
  }

  /** The pixel of the source that a pixel of a copy comes from; it may lie beyond the border. */
  int source(int target) {
    return isMirrored() ? (int) offset - 1 - target : (int) offset + target;
  }

  /** Where the middle of a pixel of the target lies, counted from {@code start} on. */
  double center(int target, int start) {
    // A mirrored target has the values of the other one, to the last bit.
    return isMirrored()
        ? (length - 1 - target + 0.5) * -scale + (rounded(offset + length * scale) - start)
        : (target + 0.5) * scale + (rounded(offset) - start);
  }

  private static double rounded(double value) {
    return Math.abs(value - Math.rint(value)) < ROUNDING ? Math.rint(value) : value;
  }

  /**
   * One axis of one warp.
   *
   * @param from coordinates of what it is applied to
   * @param to coordinates of the result
   */
  record Step(double scale, double offset, int from, int to) {}
}
