package dev.convoy.driver.ensemble.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * A number for each pair of members, the same in both orders.
 *
 * @param mean over the pairs for which it is defined; NaN if there are none
 * @param pairs all of them, axes [member, member]; NaN where it is undefined, as for a member with
 *     itself
 */
public record MemberPairs(double mean, List<List<Double>> pairs) {
  /** Of a pair; the first is less than the second. */
  interface Value {
    double of(int first, int second);
  }

  static MemberPairs of(int members, Value value) {
    double[][] values = new double[members][members];
    for (int first = 0; first < members; first++) {
      values[first][first] = Double.NaN;
      for (int second = first + 1; second < members; second++) {
        values[first][second] = value.of(first, second);
        values[second][first] = values[first][second];
      }
    }
    double mean =
        Arrays.stream(values)
            .flatMapToDouble(Arrays::stream)
            .filter(number -> !Double.isNaN(number))
            .average()
            .orElse(Double.NaN);
    return new MemberPairs(
        mean, Arrays.stream(values).map(row -> Arrays.stream(row).boxed().toList()).toList());
  }
}
