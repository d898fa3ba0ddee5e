package dev.convoy.data.image;

import java.util.Arrays;

/**
 * The weights by which coordinates of a target are means of coordinates of a source, in fixed-point
 * arithmetic.
 */
final class TriangleFilter {
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

  /**
   * A filter between two lengths.
   *
   * @param reversed the first coordinate of the target lies at the end of the source
   */
  TriangleFilter(int from, int to, boolean reversed) {
    identity = from == to && !reversed;
    first = new int[to];
    weights = new int[to][];
    double scale = (double) from / to;
    double filterScale = Math.max(1, scale);
    for (int target = 0; target < to; target++) {
      double center = (target + 0.5) * scale;
      int start = Math.max(0, (int) (center - filterScale + 0.5));
      int end = Math.min(from, (int) (center + filterScale + 0.5));
      weights[target] = weights(start, end, center, filterScale, reversed);
      first[target] = reversed ? from - end : start;
    }
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

  private static int[] weights(
      int first, int end, double center, double filterScale, boolean reversed) {
    double[] triangle = new double[end - first];
    double sum = 0;
    for (int i = 0; i < triangle.length; i++) {
      double distance = Math.abs((i + first - center + 0.5) / filterScale);
      triangle[i] = Math.max(0, 1 - distance);
      sum += triangle[i];
    }
    int[] weights = new int[triangle.length];
    for (int i = 0; i < weights.length; i++) {
      int at = reversed ? weights.length - 1 - i : i;
      weights[at] = (int) (0.5 + triangle[i] / sum * (1 << FRACTION_BITS));
    }
    return weights;
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
