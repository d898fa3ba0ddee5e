package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowFilterTest {
  @ParameterizedTest
  @EnumSource(
      value = Interpolation.class,
      names = {"BILINEAR", "AREA", "BICUBIC"})
  void sumsAreThoseOfTheWeightsWhateverTheLengths(Interpolation kernel) {
    for (int from : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 31, 60}) {
      for (int to : new int[] {1, 2, 3, 5, 8, 17, 40, 99}) {
        for (boolean mirrored : new boolean[] {false, true}) {
          AxisFilter filter = AxisFilter.of(mapping(from, to, mirrored), 0, from, kernel);
          ColumnOrder order = new ColumnOrder(2, to);
          int plane = Math.max(from, RowFilter.valuesFetched(filter)) + 1;
          byte[] row = new byte[1 + 2 * plane];
          KeyedRandom.of(1, Purpose.SYNTHETIC, from, to).nextBytes(row);
          // Extreme values, where negative weights leave the bytes.
          Arrays.fill(row, 1 + plane + from / 2, row.length, (byte) 255);
          int[] result = new int[order.length()];

          new RowFilter(filter, order, plane).apply(row, 1, new int[order.length()], result);

          for (int target = 0; target < to; target++) {
            assertThat(result[order.place(0, target)]).isEqualTo(weighed(filter, row, 1, target));
            assertThat(result[order.place(1, target)])
                .isEqualTo(weighed(filter, row, 1 + plane, target));
          }
        }
      }
    }
  }

  private static AxisMapping mapping(int from, int to, boolean mirrored) {
    double scale = (double) from / to;
    AxisMapping.Step step =
        mirrored
            ? new AxisMapping.Step(-scale, from, from, to)
            : new AxisMapping.Step(scale, 0, from, to);
    return AxisMapping.of(List.of(step), 0);
  }

  private static int weighed(AxisFilter filter, byte[] row, int at, int target) {
    long sum = AxisFilter.HALF;
    for (int source = 0; source < filter.sources(); source++) {
      sum += (long) filter.weight(target, source) * (row[at + source] & 0xff);
    }
    return (int) Math.max(0, Math.min(255, sum >> AxisFilter.FRACTION_BITS));
  }
}
