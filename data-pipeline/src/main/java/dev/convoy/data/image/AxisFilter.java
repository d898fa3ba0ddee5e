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

  private final boolean identity;
  private final int[] first;
  private final int[][] weights;

  /** The same as {@link #first} and {@link #weights}, with weights of 0 so that all are as many. */
  private final int taps;

  private final int[] tapStart;
  private final int[] tapWeights;
  private final int[] firstTarget;
  private final int[] endTarget;

  private AxisFilter(boolean identity, int from, int[] first, int[][] weights) {
    this.identity = identity;
    this.first = first;
    this.weights = weights;
    int to = first.length;
    taps = Arrays.stream(weights).mapToInt(weight -> weight.length).max().orElseThrow();
    tapStart = new int[to];
    tapWeights = new int[to * taps];
    for (int target = 0; target < to; target++) {
      tapStart[target] = Math.min(first[target], from - taps);
      System.arraycopy(
          weights[target],
          0,
          tapWeights,
          target * taps + first[target] - tapStart[target],
          weights[target].length);
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

  /** How much a source coordinate counts in a target that it is part of. */
  int weight(int target, int source) {
    return weights[target][source - first[target]];
  }

  /** True when {@code source} is the last coordinate that {@code target} is made of. */
  boolean isLast(int target, int source) {
    return source == first[target] + weights[target].length - 1;
  }

  /** Filters one line of 8-bit values into {@code into}, of which they fill the lower 8 bits. */
  void apply(byte[] line, int[] into) {
    if (identity) {
      for (int target = 0; target < first.length; target++) {
        into[target] = line[target] & 0xff;
      }
      return;
    }
    switch (taps) {
      case 2 -> applyTwo(line, into);
      case 3 -> applyThree(line, into);
      case 4 -> applyFour(line, into);
      default -> applyAny(line, into);
    }
  }

  private void applyTwo(byte[] line, int[] into) {
    for (int target = 0, at = 0; target < tapStart.length; target++, at += 2) {
      int start = tapStart[target];
      into[target] =
          toByte(
              HALF
                  + tapWeights[at] * (line[start] & 0xff)
                  + tapWeights[at + 1] * (line[start + 1] & 0xff));
    }
  }

  private void applyThree(byte[] line, int[] into) {
    for (int target = 0, at = 0; target < tapStart.length; target++, at += 3) {
      int start = tapStart[target];
      into[target] =
          toByte(
              HALF
                  + tapWeights[at] * (line[start] & 0xff)
                  + tapWeights[at + 1] * (line[start + 1] & 0xff)
                  + tapWeights[at + 2] * (line[start + 2] & 0xff));
    }
  }

  private void applyFour(byte[] line, int[] into) {
    for (int target = 0, at = 0; target < tapStart.length; target++, at += 4) {
      int start = tapStart[target];
      into[target] =
          toByte(
              HALF
                  + tapWeights[at] * (line[start] & 0xff)
                  + tapWeights[at + 1] * (line[start + 1] & 0xff)
                  + tapWeights[at + 2] * (line[start + 2] & 0xff)
                  + tapWeights[at + 3] * (line[start + 3] & 0xff));
    }
  }

  private void applyAny(byte[] line, int[] into) {
    for (int target = 0; target < first.length; target++) {
      int[] weight = weights[target];
      int start = first[target];
      int sum = HALF;
      for (int i = 0; i < weight.length; i++) {
        sum += weight[i] * (line[start + i] & 0xff);
      }
      into[target] = toByte(sum);
    }
  }

  /** A sum as a value of 0 to 255. */
  static int toByte(int sum) {
    int value = sum >> FRACTION_BITS;
    return (value & 0xff) == value ? value : value < 0 ? 0 : 255;
  }
}
