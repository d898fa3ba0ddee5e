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
  private static final int TWO = Short.BYTES;
  private static final int FOUR = Integer.BYTES;

  private final AxisFilter filter;
  private final ColumnOrder order;

  /** For every target the first of the values that are fetched, all of them in the row. */
  private final int[] starts;

  /** For every value that is fetched its weights in all targets. */
  private final int[][] weights;

  /**
   * A filter of several channels at once.
   *
   * @param filter of each of them
   * @param order in which targets come
   * @param plane values from one channel to the next, in the array that holds all of them
   */
  RowFilter(AxisFilter filter, ColumnOrder order, int plane) {
    this.filter = filter;
    this.order = order;
    int fetched = valuesFetched(filter);
    starts = new int[order.length()];
    weights = new int[fetched][order.length()];
    for (int target = 0; target < filter.targets(); target++) {
      int first = filter.firstSource(target);
      int start = Math.max(0, Math.min(first, filter.sources() - fetched));
      for (int channel = 0; channel < order.channels(); channel++) {
        starts[order.place(channel, target)] = channel * plane + start;
      }
      for (int source = first; source <= filter.lastSource(target); source++) {
        int weight = filter.weight(target, source);
        for (int channel = 0; channel < order.channels(); channel++) {
          weights[source - start][order.place(channel, target)] = weight;
        }
      }
    }
  }

  /** How many values are fetched for a target, which a row has to have, if only as padding. */
  static int valuesFetched(AxisFilter filter) {
    int most = filter.mostSources();
    return most <= TWO && !filter.overshoots() ? TWO : (most + FOUR - 1) / FOUR * FOUR;
  }

  /** How the results lie. */
  ColumnOrder order() {
    return order;
  }

  /**
   * Filters a row.
   *
   * @param values hold the row
   * @param from where its first channel begins
   * @param fetched room for as many numbers as there are results
   * @param result receives values of 0 to 255
   */
  void apply(byte[] values, int from, int[] fetched, int[] result) {
    if (weights.length == TWO) {
      fetchTwo(values, from, starts, fetched);
      weigh(fetched, weights[0], weights[1], result);
    } else if (weights.length == FOUR && !filter.overshoots()) {
      fetchFour(values, from, starts, fetched);
      weigh(fetched, weights[0], weights[1], weights[2], weights[3], result);
    } else {
      Arrays.fill(result, AxisFilter.HALF);
      for (int tap = 0; tap < weights.length; tap += FOUR) {
        fetchFour(values, from + tap, starts, fetched);
        addFour(fetched, weights, tap, result);
      }
      filter.limit(result);
      shift(result);
    }
  }

  private static void fetchTwo(byte[] values, int from, int[] starts, int[] fetched) {
    for (int i = 0; i < fetched.length; i++) {
      fetched[i] = (short) TWO_VALUES.get(values, from + starts[i]);
    }
  }

  private static void fetchFour(byte[] values, int from, int[] starts, int[] fetched) {
    for (int i = 0; i < fetched.length; i++) {
      fetched[i] = (int) FOUR_VALUES.get(values, from + starts[i]);
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
