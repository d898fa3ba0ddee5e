package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowNarrowingTest {
  private static final byte BESIDE = 77;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 33, 224})
  void everyColumnIsTheWholePartOfItsSumAndNothingBesideIsWritten(int columns) {
    ColumnOrder order = new ColumnOrder(3, columns);
    int[] sums = new int[order.length()];
    // What belongs to no column is never shown.
    Arrays.fill(sums, 99 << AxisFilter.FRACTION_BITS);
    for (int channel = 0; channel < 3; channel++) {
      for (int column = 0; column < columns; column++) {
        sums[order.place(channel, column)] =
            value(channel, column) << AxisFilter.FRACTION_BITS | AxisFilter.HALF + column;
      }
    }
    int plane = columns + 5;
    byte[] row = new byte[2 + 3 * plane];
    Arrays.fill(row, BESIDE);

    new RowNarrowing(order).narrow(sums, row, 2, plane);

    byte[] expected = new byte[row.length];
    Arrays.fill(expected, BESIDE);
    for (int channel = 0; channel < 3; channel++) {
      for (int column = 0; column < columns; column++) {
        expected[2 + channel * plane + column] = (byte) value(channel, column);
      }
    }
    assertThat(row).isEqualTo(expected);
  }

  /** Both ends of the values are among them. */
  private static int value(int channel, int column) {
    return channel == 0 && column == 0 ? 255 : (channel * 100 + column * 37) % 256;
  }
}
