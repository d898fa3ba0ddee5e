package dev.convoy.driver.ensemble.statistics;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;
import java.util.List;

/** A number for each pair of members, the same in both orders. Immutable. */
@JsonPropertyOrder({"mean", "pairs"})
public final class MemberPairs {
  private final double[][] values;

  /** Of a pair; the first is less than the second. */
  interface Value {
    double of(int first, int second);
  }

  private MemberPairs(double[][] values) {
    this.values = values;
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
    return new MemberPairs(values);
  }

  /** Of a pair; NaN where it is undefined, as for a member with itself. */
  public double of(int first, int second) {
    return values[first][second];
  }

  /** All of them, axes [member, member]. */
  @JsonProperty
  public List<List<Double>> pairs() {
    return Arrays.stream(values).map(row -> Arrays.stream(row).boxed().toList()).toList();
  }

  /** Over the pairs for which it is defined; NaN if there are none. */
  @JsonProperty
  public double mean() {
    return Arrays.stream(values)
        .flatMapToDouble(Arrays::stream)
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }
}
