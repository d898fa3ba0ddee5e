package dev.convoy.driver.space;

import java.util.List;
import java.util.Optional;

/**
 * What a hyperparameter is drawn from, given by its quantile function: a coordinate in [0, 1)
 * becomes a value, and uniform coordinates become draws. Immutable.
 */
public sealed interface Distribution permits Continuous, Stepped, Choice {
  /** The largest coordinate; bounded distributions reach their upper end there. */
  double LAST_UNIT = Math.nextDown(1.0);

  /**
   * The value at a coordinate.
   *
   * @param unit in [0, 1)
   * @return a Double, Long, String or Boolean
   */
  Object value(double unit);

  /** Whether equal ratios, not equal differences, are equally far apart. */
  boolean isLogarithmic();

  /** Whether the values have no order. */
  default boolean isCategorical() {
    return false;
  }

  /** The values of a categorical distribution as text, in the order written. */
  default Optional<List<String>> categories() {
    return Optional.empty();
  }

  /** The coordinates of a grid over the whole distribution, ascending. */
  default List<Double> gridUnits(int points) {
    return gridUnits(points, 0, 1);
  }

  /**
   * The coordinates of a grid over a part of the distribution, ascending and without repeats.
   *
   * @param points how many at most, at least 1; a choice ignores it
   * @param low the part's first coordinate, at least 0
   * @param high the part's last coordinate, at most 1
   */
  List<Double> gridUnits(int points, double low, double high);
}
