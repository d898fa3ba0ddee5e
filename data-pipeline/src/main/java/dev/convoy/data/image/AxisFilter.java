package dev.convoy.data.image;

import java.util.Arrays;

/**
 * The weights by which the coordinates of a target, along one axis, are means of coordinates of a
 * source, in fixed-point arithmetic.
 */
final class AxisFilter {
  private static final int FRACTION_BITS = 22;

  /** What a sum begins with, so that it is rounded. */
  static final int HALF = 1 << (FRACTION_BITS - 1);

  /** The same for two sums. */
  private static final long TWO_HALVES = (long) HALF << Integer.SIZE | HALF;

  /** Bits that neither of two sums has when they are values of 0 to 255. */
  private static final long BEYOND_BYTES = 0xC000_0000_C000_0000L;

  private final boolean identity;
  private final int[] first;
  private final int[][] weights;

  /** The same as {@link #first} and {@link #weights}, with weights of 0 so that all are as many. */
  private final int taps;

  private final int[] tapStart;
  private final long[] tapWeights;
  private final int[] firstTarget;
  private final int[] endTarget;

  private AxisFilter(boolean identity, int from, int[] first, int[][] weights) {
    this.identity = identity;
    this.first = first;
    this.weights = weights;
    int to = first.length;
    taps = Arrays.stream(weights).mapToInt(weight -> weight.length).max().orElseThrow();
    tapStart = new int[to];
    tapWeights = new long[to * taps];
    for (int target = 0; target < to; target++) {
      tapStart[target] = Math.min(first[target], from - taps);
      int at = target * taps + first[target] - tapStart[target];
      for (int weight : weights[target]) {
        tapWeights[at++] = weight;
      }
    }
    firstTarget = new int[from];
    endTarget = new int[from];
    findTargets();
  }

  /**
   * A triangle between two lengths.
   *
   * @param reversed the first coordinate of the target lies at the end of the source
   */
  static AxisFilter triangle(int from, int to, boolean reversed) {
    int[] first = new int[to];
    int[][] weights = new int[to][];
    if (from == to && !reversed) {
      Arrays.setAll(first, target -> target);
      Arrays.fill(weights, new int[] {1 << FRACTION_BITS});
      return new AxisFilter(true, from, first, weights);
    }
    double scale = (double) from / to;
    for (int target = 0; target < to; target++) {
      place(target, (target + 0.5) * scale, scale, from, Interpolation.BILINEAR, first, weights);
      if (reversed) {
        first[target] = from - first[target] - weights[target].length;
        reverse(weights[target]);
      }
    }
    return new AxisFilter(false, from, first, weights);
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
    int[] first = new int[to];
    int[][] weights = new int[to][];
    double scale = Math.abs(mapping.scale());
    for (int target = 0; target < to; target++) {
      double center = mapping.center(mapping.from() + target, start);
      place(target, center, scale, from, kernel, first, weights);
    }
    boolean identity =
        from == to
            && mapping.isCopy()
            && !mapping.isMirrored()
            && mapping.source(mapping.from()) == start;
    return new AxisFilter(identity, from, first, weights);
  }

  /** Finds the weights of one target, and the first coordinate of the source that they are for. */
  private static void place(
      int target,
      double center,
      double scale,
      int from,
      Interpolation kernel,
      int[] first,
      int[][] weights) {
    double filterScale = Math.max(1, scale);
    double reach = kernel.reach() * filterScale;
    int start = Math.max(0, Math.min(from - 1, (int) (center - reach + 0.5)));
    int end = Math.max(start + 1, Math.min(from, (int) (center + reach + 0.5)));
    first[target] = start;
    weights[target] = weights(start, end, center, filterScale, kernel);
  }

  private static int[] weights(
      int first, int end, double center, double filterScale, Interpolation kernel) {
    double[] exact = new double[end - first];
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      exact[i] = kernel.weight((i + first - center + 0.5) / filterScale);
      sum += exact[i];
    }
    int[] weights = new int[exact.length];
    for (int i = 0; i < weights.length; i++) {
      double weight = exact[i] / sum * (1 << FRACTION_BITS);
      weights[i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    return weights;
  }

  private static void reverse(int[] values) {
    for (int left = 0, right = values.length - 1; left < right; left++, right--) {
      int kept = values[left];
      values[left] = values[right];
      values[right] = kept;
    }
  }

  private void findTargets() {
    Arrays.fill(firstTarget, first.length);
    for (int target = 0; target < first.length; target++) {
      for (int i = 0; i < weights[target].length; i++) {
        int source = first[target] + i;
        firstTarget[source] = Math.min(firstTarget[source], target);
        endTarget[source] = Math.max(endTarget[source], target + 1);
      }
    }
  }

  /** Whether every target is the source's coordinate of the same number. */
  boolean isIdentity() {
    return identity;
  }

  /** The length of the target. */
  int targets() {
    return first.length;
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
    return at >= 0 && at < weights[target].length ? weights[target][at] : 0;
  }

  /** The last source coordinate that is part of a target. */
  int lastSource(int target) {
    return first[target] + weights[target].length - 1;
  }

  /**
   * Filters two lines of 8-bit values at once: the products of a weight with both are one product
   * of 64 bits, and so are the sums.
   *
   * @param pairs a value of the first line in the lower half, of the second in the upper half
   * @param first receives the values of the first line, 0 to 255
   * @param second receives those of the second
   */
  void apply(long[] pairs, int[] first, int[] second) {
    switch (taps) {
      case 2 -> applyTwo(pairs, first, second);
      case 3 -> applyThree(pairs, first, second);
      case 4 -> applyFour(pairs, first, second);
      case 5 -> applyFive(pairs, first, second);
      default -> applyAny(pairs, first, second);
    }
  }

  private void applyTwo(long[] pairs, int[] first, int[] second) {
    for (int target = 0, at = 0; target < tapStart.length; target++, at += 2) {
      int start = tapStart[target];
      long sum = TWO_HALVES + tapWeights[at] * pairs[start] + tapWeights[at + 1] * pairs[start + 1];
      round(sum, target, first, second);
    }
  }

  private void applyThree(long[] pairs, int[] first, int[] second) {
    for (int target = 0, at = 0; target < tapStart.length; target++, at += 3) {
      int start = tapStart[target];
      long sum =
          TWO_HALVES
              + tapWeights[at] * pairs[start]
              + tapWeights[at + 1] * pairs[start + 1]
              + tapWeights[at + 2] * pairs[start + 2];
      round(sum, target, first, second);
    }
  }

  private void applyFour(long[] pairs, int[] first, int[] second) {
    for (int target = 0, at = 0; target < tapStart.length; target++, at += 4) {
      int start = tapStart[target];
      long sum =
          TWO_HALVES
              + tapWeights[at] * pairs[start]
              + tapWeights[at + 1] * pairs[start + 1]
              + tapWeights[at + 2] * pairs[start + 2]
              + tapWeights[at + 3] * pairs[start + 3];
      round(sum, target, first, second);
    }
  }

  private void applyFive(long[] pairs, int[] first, int[] second) {
    for (int target = 0, at = 0; target < tapStart.length; target++, at += 5) {
      int start = tapStart[target];
      long sum =
          TWO_HALVES
              + tapWeights[at] * pairs[start]
              + tapWeights[at + 1] * pairs[start + 1]
              + tapWeights[at + 2] * pairs[start + 2]
              + tapWeights[at + 3] * pairs[start + 3]
              + tapWeights[at + 4] * pairs[start + 4];
      round(sum, target, first, second);
    }
  }

  private void applyAny(long[] pairs, int[] first, int[] second) {
    for (int target = 0, at = 0; target < tapStart.length; target++) {
      int start = tapStart[target];
      long sum = TWO_HALVES;
      for (int tap = 0; tap < taps; tap++, at++) {
        sum += tapWeights[at] * pairs[start + tap];
      }
      round(sum, target, first, second);
    }
  }

  private static void round(long sum, int target, int[] first, int[] second) {
    if ((sum & BEYOND_BYTES) == 0) {
      first[target] = (int) (sum >>> FRACTION_BITS) & 0xff;
      second[target] = (int) (sum >>> (Integer.SIZE + FRACTION_BITS));
    } else {
      // A negative sum has borrowed one from the other.
      first[target] = toByte((int) sum);
      second[target] = toByte((int) ((sum - (int) sum) >> Integer.SIZE));
    }
  }

  /** A sum as a value of 0 to 255, by operations that Java 17 vectorises. */
  static int toByte(int sum) {
    int value = sum >> FRACTION_BITS;
    int positive = value & ~(value >> 31);
    int excess = positive - 255;
    return positive - (excess & ~(excess >> 31));
  }
}
