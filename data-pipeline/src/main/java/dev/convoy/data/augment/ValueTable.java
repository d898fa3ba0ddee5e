package dev.convoy.data.augment;

/** A function of 8-bit values, written out. */
final class ValueTable {
  private final byte[] results = new byte[256];

  /** A function from [0, 255] to [0, 255]. */
  @FunctionalInterface
  interface ValueFunction {
    int at(int value);
  }

  ValueTable(ValueFunction function) {
    for (int value = 0; value < results.length; value++) {
      results[value] = (byte) function.at(value);
    }
  }

  /** Replaces all values. */
  void apply(byte[] values) {
    apply(values, 0, values.length);
  }

  /** Replaces the values from one position up to another. */
  void apply(byte[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      values[i] = results[values[i] & 0xff];
    }
  }

  /** How often each value occurs between two positions. */
  static int[] histogram(byte[] values, int from, int to) {
    int[] counts = new int[256];
    for (int i = from; i < to; i++) {
      counts[values[i] & 0xff]++;
    }
    return counts;
  }
}
