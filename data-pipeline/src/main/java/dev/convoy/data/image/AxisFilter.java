package dev.convoy.data.image;

import java.util.Arrays;

/**
 * The weights by which the coordinates of a target, along one axis, are means of coordinates of a
 * source, in fixed-point arithmetic. {@link RowFilter} applies them to rows, {@link Resampling} to
 * columns.
 */
final class AxisFilter {
  static final int FRACTION_BITS = 22;

  /** What a sum begins with, so that it is rounded. */
  static final int HALF = 1 << (FRACTION_BITS - 1);

  /** The largest sum that is rounded to 255. */
  private static final int LARGEST = (256 << FRACTION_BITS) - 1;

  private final int from;
  private final boolean identity;

  /** For every target the first coordinate of the source that counts, and how many do. */
  private final int[] first;

  private final int[] count;

  /** Those of one target after those of the other, with room for as many as any has. */
  private final int[] weights;

  private final int stride;
  private final boolean overshoots;

  /** For every coordinate of the source the targets that it is part of. */
  private final int[] firstTarget;

  private final int[] endTarget;

  /** Takes the arrays over. */
  private AxisFilter(
      int from, boolean identity, int[] first, int[] count, int[] weights, boolean overshoots) {
    this.from = from;
    this.identity = identity;
    this.first = first;
    this.count = count;
    this.weights = weights;
    this.stride = weights.length / first.length;
    this.overshoots = overshoots;
    this.firstTarget = new int[from];
    this.endTarget = new int[from];
    findTargets();
  }

  /**
   * A triangle between two lengths.
   *
   * @param reversed the first coordinate of the target lies at the end of the source
   */
  static AxisFilter triangle(int from, int to, boolean reversed) {
    if (from == to && !reversed) {
      return identity(from);
    }
    double scale = (double) from / to;
    Builder builder = new Builder(from, to, scale, Interpolation.BILINEAR);
    for (int target = 0; target < to; target++) {
      builder.place(target, (target + 0.5) * scale);
      if (reversed) {
        builder.reverse(target);
      }
    }
    return builder.build(false);
  }

  private static AxisFilter identity(int length) {
    int[] first = new int[length];
    int[] count = new int[length];
    int[] weights = new int[length];
    Arrays.setAll(first, target -> target);
    Arrays.fill(count, 1);
    Arrays.fill(weights, 1 << FRACTION_BITS);
    return new AxisFilter(length, true, first, count, weights, false);
  }

  /**
   * A filter to the targets of a mapping that come from the source, the first of which is target 0
   * here.
   *
   * @param start first coordinate of the source that counts, which is coordinate 0 here
   * @param from how many count
   */
  static AxisFilter of(AxisMapping mapping, int start, int from, Interpolation kernel) {
    int to = mapping.end() - mapping.from();
    Builder builder = new Builder(from, to, Math.abs(mapping.scale()), kernel);
    for (int target = 0; target < to; target++) {
      builder.place(target, mapping.center(mapping.from() + target, start));
    }
    return builder.build(
        from == to
            && mapping.isCopy()
            && !mapping.isMirrored()
            && mapping.source(mapping.from()) == start);
  }

  private void findTargets() {
    Arrays.fill(firstTarget, first.length);
    for (int target = 0; target < first.length; target++) {
      int end = first[target] + count[target];
      for (int source = first[target]; source < end; source++) {
        firstTarget[source] = Math.min(firstTarget[source], target);
        endTarget[source] = Math.max(endTarget[source], target + 1);
      }
    }
  }

  /** Whether every target is the source's coordinate of the same number. */
  boolean isIdentity() {
    return identity;
  }

  /** The length of the source. */
  int sources() {
    return from;
  }

  /** The length of the target. */
  int targets() {
    return first.length;
  }

  /** How many coordinates of the source are part of a target at most. */
  int mostSources() {
    return Arrays.stream(count).max().orElseThrow();
  }

  /** The first target that a source coordinate is part of. */
  int firstTarget(int source) {
    return firstTarget[source];
  }

  /** The target after the last that a source coordinate is part of; none when not larger. */
  int endTarget(int source) {
    return endTarget[source];
  }

  /** How much a source coordinate counts in a target; 0 where it is not part of it. */
  int weight(int target, int source) {
    int at = source - first[target];
    return at >= 0 && at < count[target] ? weights[target * stride + at] : 0;
  }

  /** The first source coordinate that is part of a target. */
  int firstSource(int target) {
    return first[target];
  }

  /** The last source coordinate that is part of a target. */
  int lastSource(int target) {
    return first[target] + count[target] - 1;
  }

  /** Whether sums may leave the values of 0 to 255: weights are negative, or very many. */
  boolean overshoots() {
    return overshoots;
  }

  /**
   * Brings sums that have left the values of 0 to 255 back to them, by operations that Java 17
   * vectorises.
   *
   * @param sums of products with weights, and of {@link #HALF}
   */
  void limit(int[] sums) {
    if (overshoots) {
      for (int i = 0; i < sums.length; i++) {
        int positive = sums[i] & ~(sums[i] >> 31);
        int excess = positive - LARGEST;
        sums[i] = positive - (excess & ~(excess >> 31));
      }
    }
  }

  /** Finds the weights of one target after the other. */
  private static final class Builder {
    private final int from;
    private final Interpolation kernel;
    private final double filterScale;
    private final double reach;
    private final int[] first;
    private final int[] count;
    private final int[] weights;
    private final double[] exact;
    private boolean overshoots;

    Builder(int from, int to, double scale, Interpolation kernel) {
      this.from = from;
      this.kernel = kernel;
      this.filterScale = Math.max(1, scale);
      this.reach = kernel.reach() * filterScale;
      this.first = new int[to];
      this.count = new int[to];
      this.exact = new double[(int) Math.min(from, Math.ceil(2 * reach) + 1)];
      this.weights = new int[to * exact.length];
    }

    /** Finds the weights of a target, and the first coordinate of the source that they are for. */
    void place(int target, double center) {
      int start = Math.max(0, Math.min(from - 1, (int) (center - reach + 0.5)));
      int end = Math.max(start + 1, Math.min(from, (int) (center + reach + 0.5)));
      double sum = 0;
      for (int i = 0; i < end - start; i++) {
        exact[i] = kernel.weight((i + start - center + 0.5) / filterScale);
        sum += exact[i];
      }
      int at = target * exact.length;
      long most = HALF;
      for (int i = 0; i < end - start; i++) {
        double weight = exact[i] / sum * (1 << FRACTION_BITS);
        weights[at + i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
        overshoots |= weights[at + i] < 0;
        most += 255L * weights[at + i];
      }
      overshoots |= most >> FRACTION_BITS > 255;
      first[target] = start;
      count[target] = end - start;
    }

    /** Makes the source run from its end to its beginning. */
    void reverse(int target) {
      first[target] = from - first[target] - count[target];
      int left = target * exact.length;
      int right = left + count[target] - 1;
      while (left < right) {
        int kept = weights[left];
        weights[left++] = weights[right];
        weights[right--] = kept;
      }
    }

    AxisFilter build(boolean identity) {
      return new AxisFilter(from, identity, first, count, weights, overshoots);
    }
  }
}
