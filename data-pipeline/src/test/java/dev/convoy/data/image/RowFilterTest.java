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
          byte[][] row = {new byte[from + 2], new byte[from + 5]};
          KeyedRandom.of(1, Purpose.SYNTHETIC, from, to).nextBytes(row[0]);
          // Extreme values, where negative weights leave the bytes.
          Arrays.fill(row[1], 2 + from / 2, from + 2, (byte) 255);
          int[] result = new int[2 * to];

          new RowFilter(filter, 2).apply(row, new int[] {1, 2}, new int[2 * to], result);

          for (int target = 0; target < to; target++) {
            assertThat(result[target]).isEqualTo(weighed(filter, row[0], 1, target));
            assertThat(result[to + target]).isEqualTo(weighed(filter, row[1], 2, target));
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
