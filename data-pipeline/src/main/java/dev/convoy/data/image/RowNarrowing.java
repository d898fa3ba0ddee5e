package dev.convoy.data.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Makes bytes of the sums of rows, which lie as a {@link ColumnOrder} says. For one thread. */
final class RowNarrowing {
  private static final VarHandle FOUR_VALUES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final ColumnOrder order;

  /** All quarters but the first: Java 17 vectorises a loop over arrays that begin alike. */
  private final int[] second;

  private final int[] third;
  private final int[] fourth;
  private final int[] packed;

  RowNarrowing(ColumnOrder order) {
    this.order = order;
    this.second = new int[order.quarter()];
    this.third = new int[order.quarter()];
    this.fourth = new int[order.quarter()];
    this.packed = new int[order.quarter()];
  }

  /**
   * Narrows a row.
   *
   * @param sums of 0 to 255 with a fraction of {@link AxisFilter#FRACTION_BITS}, which is dropped
   * @param into receives the columns of each channel
   * @param at where the first channel begins
   * @param plane values from one channel to the next
   */
  void narrow(int[] sums, byte[] into, int at, int plane) {
    int quarter = packed.length;
    System.arraycopy(sums, quarter, second, 0, quarter);
    System.arraycopy(sums, 2 * quarter, third, 0, quarter);
    System.arraycopy(sums, 3 * quarter, fourth, 0, quarter);
    pack(sums, second, third, fourth, packed);
    for (int channel = 0; channel < order.channels(); channel++) {
      unpack(channel * order.columnsOfQuarter(), into, at + channel * plane);
    }
  }

  private static void pack(int[] first, int[] second, int[] third, int[] fourth, int[] packed) {
    for (int i = 0; i < packed.length; i++) {
      packed[i] =
          (first[i] >>> AxisFilter.FRACTION_BITS)
              | (second[i] >>> AxisFilter.FRACTION_BITS << 8)
              | (third[i] >>> AxisFilter.FRACTION_BITS << 16)
              | (fourth[i] >>> AxisFilter.FRACTION_BITS << 24);
    }
  }

  private void unpack(int from, byte[] into, int at) {
    int rest = order.columns() % ColumnOrder.QUARTERS;
    int whole = order.columns() / ColumnOrder.QUARTERS;
    for (int i = 0; i < whole; i++) {
      FOUR_VALUES.set(into, at + i * Integer.BYTES, packed[from + i]);
    }
    for (int i = 0; i < rest; i++) {
      into[at + whole * Integer.BYTES + i] = (byte) (packed[from + whole] >>> (i * Byte.SIZE));
    }
  }
}
