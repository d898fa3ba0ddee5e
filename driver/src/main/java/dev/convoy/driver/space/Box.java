package dev.convoy.driver.space;

import dev.convoy.data.Text;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A part of a search space to sample from, for going from coarse to fine: for every dimension an
 * interval of coordinates, or of a choice the options that are left. Intervals are in coordinates,
 * so that a logarithmic parameter narrows on its logarithmic scale. Immutable.
 *
 * @param space what it is a part of
 * @param sides one for each dimension
 */
public record Box(SearchSpace space, List<Side> sides) {
  /** What is left of one dimension. */
  sealed interface Side {}

  /** Of numbers: the coordinates from low (inclusive) to high. */
  private record Interval(double low, double high) implements Side {}

  /** Of a choice: options by index. */
  private record Options(SortedSet<Integer> indices) implements Side {}

  /** All of a space. */
  public static Box whole(SearchSpace space) {
    return new Box(
        space,
        space.parameters().stream().map(parameter -> whole(parameter.distribution())).toList());
  }

  private static Side whole(Distribution distribution) {
    return distribution instanceof Choice choice
        ? new Options(
            IntStream.range(0, choice.labels().size())
                .boxed()
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll))
        : new Interval(0, 1);
  }

  /**
   * A smaller box around good samples: of numbers the smallest interval that holds theirs, widened
   * around its centre to a share of this box's and moved to lie inside it; of a choice their
   * options. A parameter that is active in none of them keeps its side.
   *
   * @param best of this box's space, at least one
   * @param shrink how much of an interval stays at least, in (0, 1]
   */
  public Box around(List<Sample> best, double shrink) {
    if (best.isEmpty() || !(shrink > 0 && shrink <= 1)) {
      throw new IllegalArgumentException(
          Text.of(
              "Cannot narrow a box: expected samples and a share in (0, 1], found %d samples and %s.",
              best.size(), shrink));
    }
    List<Side> narrower = new ArrayList<>();
    List<BitSet> active = best.stream().map(sample -> space.activeAt(sample.point())).toList();
    for (int dimension = 0; dimension < sides.size(); dimension++) {
      List<Double> coordinates = new ArrayList<>();
      for (int sample = 0; sample < best.size(); sample++) {
        if (active.get(sample).get(dimension)) {
          coordinates.add(best.get(sample).point()[dimension]);
        }
      }
      narrower.add(
          coordinates.isEmpty() ? sides.get(dimension) : around(dimension, coordinates, shrink));
    }
    return new Box(space, narrower);
  }

  private Side around(int dimension, List<Double> coordinates, double shrink) {
    if (sides.get(dimension) instanceof Interval interval) {
      return around(interval, coordinates, shrink);
    }
    Choice choice = (Choice) space.distribution(dimension);
    SortedSet<Integer> options = new TreeSet<>();
    coordinates.forEach(coordinate -> options.add(choice.optionAt(coordinate)));
    return new Options(options);
  }

  private static Interval around(Interval outer, List<Double> coordinates, double shrink) {
    double lowest = coordinates.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double highest = coordinates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double width = Math.max(highest - lowest, shrink * (outer.high() - outer.low()));
    double low =
        Math.max(outer.low(), Math.min(outer.high() - width, (lowest + highest) / 2 - width / 2));
    return new Interval(low, Math.min(outer.high(), low + width));
  }

  /** The point of this box that stands where a point of the unit cube does. */
  double[] squeeze(double[] point) {
    return IntStream.range(0, point.length)
        .mapToDouble(dimension -> squeeze(dimension, point[dimension]))
        .toArray();
  }

  private double squeeze(int dimension, double unit) {
    if (sides.get(dimension) instanceof Interval interval) {
      return Math.min(
          Distribution.LAST_UNIT, interval.low() + unit * (interval.high() - interval.low()));
    }
    Choice choice = (Choice) space.distribution(dimension);
    SortedSet<Integer> options = ((Options) sides.get(dimension)).indices();
    return options.size() == choice.labels().size() ? unit : squeeze(choice, options, unit);
  }

  /** Options keep their weights relative to each other. */
  private static double squeeze(Choice choice, SortedSet<Integer> options, double unit) {
    double rest =
        unit
            * options.stream()
                .mapToDouble(option -> choice.end(option) - choice.start(option))
                .sum();
    for (int option : options) {
      double width = choice.end(option) - choice.start(option);
      if (rest < width || option == options.last()) {
        return Math.min(choice.start(option) + rest, Math.nextDown(choice.end(option)));
      }
      rest -= width;
    }
    throw new IllegalStateException("Cannot squeeze a point: a choice has an option at least.");
  }

  /** The coordinates of a grid over one side, ascending. */
  List<Double> gridUnits(int dimension, int points) {
    Distribution distribution = space.distribution(dimension);
    if (sides.get(dimension) instanceof Interval interval) {
      return distribution.gridUnits(points, interval.low(), interval.high());
    }
    SortedSet<Integer> options = ((Options) sides.get(dimension)).indices();
    return distribution.gridUnits(points).stream()
        .filter(unit -> options.contains(((Choice) distribution).optionAt(unit)))
        .toList();
  }
}
