package dev.convoy.data.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An {@link AxisFilter} for rows of 8-bit values. Java 17 makes vector instructions of a loop that
 * looks nothing up, if all of its values have one size and all of its arrays are counted from the
 * same number on. So one loop fetches for every target some neighbouring values as one number, and
 * another takes them apart, weighs and sums them. Immutable.
 */
final class RowFilter {
  private static final VarHandle TWO_VALUES =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FOUR_VALUES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int FOUR = Integer.BYTES;

  private final AxisFilter filter;

  /** For every target the first of the values that are fetched, all of them in the row. */
  private final int[] start;

  /** For every value that is fetched its weights in all targets, once for each channel. */
  private final int[][] weights;

  /**
   * A filter of several channels at once.
   *
   * @param filter of each of them
   */
  RowFilter(AxisFilter filter, int channels) {
    this.filter = filter;
    int targets = filter.targets();
    int most = filter.mostSources();
    boolean two = most <= 2 && !filter.overshoots();
    int fetched = two ? 2 : (most + FOUR - 1) / FOUR * FOUR;
    start = new int[targets];
    weights = new int[fetched][channels * targets];
    for (int target = 0; target < targets; target++) {
      int first = filter.firstSource(target);
      start[target] = Math.max(0, Math.min(first, filter.sources() - fetched));
      for (int source = first; source <= filter.lastSource(target); source++) {
        weights[source - start[target]][target] = filter.weight(target, source);
      }
    }
    for (int[] ofChannels : weights) {
      for (int channel = 1; channel < channels; channel++) {
        System.arraycopy(ofChannels, 0, ofChannels, channel * targets, targets);
      }
    }
  }

  /** How many values {@link #apply} makes, those of all channels. */
  int targets() {
    return weights[0].length;
  }

  /**
   * Filters a row.
   *
   * @param row the arrays that hold the values of each channel
   * @param from where they begin
   * @param fetched room for as many numbers as there are targets
   * @param result receives the targets, 0 to 255, one channel after the other
   */
  void apply(byte[][] row, int[] from, int[] fetched, int[] result) {
    if (weights.length > FOUR || filter.overshoots()) {
      Arrays.fill(result, AxisFilter.HALF);
      for (int tap = 0; tap < weights.length; tap += FOUR) {
        fetch(row, from, tap, fetched);
        addFour(fetched, weights, tap, result);
      }
      filter.limit(result);
      shift(result);
    } else {
      fetch(row, from, 0, fetched);
      if (weights.length == 2) {
        weigh(fetched, weights[0], weights[1], result);
      } else {
        weigh(fetched, weights[0], weights[1], weights[2], weights[3], result);
      }
    }
  }

  private void fetch(byte[][] row, int[] from, int tap, int[] fetched) {
    for (int channel = 0, to = 0; to < fetched.length; channel++, to += start.length) {
      if (filter.sources() < weights.length) {
        // Too short to fetch from.
        byte[] longer =
            Arrays.copyOfRange(row[channel], from[channel], from[channel] + weights.length);
        fetch(longer, tap, fetched, to);
      } else {
        fetch(row[channel], from[channel] + tap, fetched, to);
      }
    }
  }

  private void fetch(byte[] values, int from, int[] fetched, int to) {
    if (weights.length == 2) {
      for (int target = 0; target < start.length; target++) {
        fetched[to + target] = (short) TWO_VALUES.get(values, from + start[target]);
      }
    } else {
      for (int target = 0; target < start.length; target++) {
        fetched[to + target] = (int) FOUR_VALUES.get(values, from + start[target]);
      }
    }
  }

  private static void weigh(int[] values, int[] first, int[] second, int[] result) {
    for (int i = 0; i < values.length; i++) {
      int sum = first[i] * (values[i] & 0xff) + second[i] * (values[i] >>> 8 & 0xff);
      result[i] = (AxisFilter.HALF + sum) >> AxisFilter.FRACTION_BITS;
    }
  }

  private static void weigh(
      int[] values, int[] first, int[] second, int[] third, int[] fourth, int[] result) {
    for (int i = 0; i < values.length; i++) {
      int sum =
          first[i] * (values[i] & 0xff)
              + second[i] * (values[i] >>> 8 & 0xff)
              + third[i] * (values[i] >>> 16 & 0xff)
              + fourth[i] * (values[i] >>> 24);
      result[i] = (AxisFilter.HALF + sum) >> AxisFilter.FRACTION_BITS;
    }
  }

  private static void addFour(int[] values, int[][] weights, int tap, int[] sums) {
    int[] first = weights[tap];
    int[] second = weights[tap + 1];
    int[] third = weights[tap + 2];
    int[] fourth = weights[tap + 3];
    for (int i = 0; i < values.length; i++) {
      sums[i] +=
          first[i] * (values[i] & 0xff)
              + second[i] * (values[i] >>> 8 & 0xff)
              + third[i] * (values[i] >>> 16 & 0xff)
              + fourth[i] * (values[i] >>> 24);
    }
  }

  private static void shift(int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = sums[i] >> AxisFilter.FRACTION_BITS;
    }
  }
}
