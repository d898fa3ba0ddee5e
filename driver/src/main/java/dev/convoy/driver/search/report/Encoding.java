package dev.convoy.driver.search.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Points of a space as the numbers that a forest reads. A number becomes one feature: 0 where it is
 * inactive, else between 1 and 2 over the range of all points, by its logarithm if its axis is
 * logarithmic; so one split tells active from inactive. Categories become a feature each.
 */
final class Encoding {
  private final List<ToDoubleFunction<Map<String, Object>>> features;

  private Encoding(List<ToDoubleFunction<Map<String, Object>>> features) {
    this.features = features;
  }

  /**
   * The encoding of a space.
   *
   * @param points all that will be encoded
   * @throws IllegalArgumentException if a value is not of its axis
   */
  static Encoding of(List<Axis> axes, List<Map<String, Object>> points) {
    List<ToDoubleFunction<Map<String, Object>>> features = new ArrayList<>();
    for (Axis axis : axes) {
      Optional<List<String>> categories = categories(axis, points);
      if (categories.isPresent()) {
        categories.get().forEach(category -> features.add(indicator(axis.name(), category)));
      } else {
        features.add(number(axis, points));
      }
    }
    return new Encoding(features);
  }

  /** A point's numbers. */
  double[] encode(Map<String, Object> point) {
    return features.stream().mapToDouble(feature -> feature.applyAsDouble(point)).toArray();
  }

  /** The axis' own, or what text is seen on an axis that names none. */
  private static Optional<List<String>> categories(Axis axis, List<Map<String, Object>> points) {
    if (axis.categories().isPresent()) {
      return axis.categories();
    }
    List<String> texts =
        points.stream()
            .map(point -> point.get(axis.name()))
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .distinct()
            .sorted()
            .toList();
    return texts.isEmpty() ? Optional.empty() : Optional.of(texts);
  }

  private static ToDoubleFunction<Map<String, Object>> indicator(String name, String category) {
    return point -> category.equals(String.valueOf(point.get(name))) ? 1 : 0;
  }

  private static ToDoubleFunction<Map<String, Object>> number(
      Axis axis, List<Map<String, Object>> points) {
    DoubleSummaryStatistics range =
        points.stream()
            .map(point -> point.get(axis.name()))
            .filter(Objects::nonNull)
            .mapToDouble(value -> position(axis, value))
            .summaryStatistics();
    double low = range.getMin();
    double span = range.getMax() > low ? range.getMax() - low : 1;
    return point -> {
      Object value = point.get(axis.name());
      return value == null ? 0 : 1 + (position(axis, value) - low) / span;
    };
  }

  private static double position(Axis axis, Object value) {
    double number = value instanceof Boolean truth ? (truth ? 1 : 0) : number(axis, value);
    double position = axis.logarithmic() ? Math.log(number) : number;
    if (!Double.isFinite(position)) {
      throw new IllegalArgumentException(
          String.format(
              "Cannot place %s: expected a finite%s number, found %s",
              axis.name(), axis.logarithmic() ? " positive" : "", value));
    }
    return position;
  }

  private static double number(Axis axis, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(
        "Cannot place " + axis.name() + ": expected a number, found " + value);
  }
}
