package dev.convoy.driver.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of several options, without an order. A value is an option's label: a scalar itself, or what
 * stands for a list or an object.
 *
 * @param labels Doubles, Longs, Strings or Booleans that differ, at least one
 * @param weights one for each label, not negative, with a positive sum
 */
public record Choice(List<Object> labels, List<Double> weights) implements Distribution {
  /** Copies the lists. */
  public Choice {
    labels = List.copyOf(labels);
    weights = List.copyOf(weights);
  }

  /** The index of the option at a coordinate in [0, 1). */
  int optionAt(double unit) {
    int chosen = -1;
    for (int option = 0; option < labels.size(); option++) {
      if (weights.get(option) > 0) {
        chosen = option;
        if (unit < end(option)) {
          return option;
        }
      }
    }
    return chosen;
  }

  /** The first coordinate of an option. */
  double start(int option) {
    return option == 0 ? 0 : end(option - 1);
  }

  /** The first coordinate beyond an option; an option without weight ends where it starts. */
  double end(int option) {
    return sum(option + 1) / sum(labels.size());
  }

  private double sum(int options) {
    return weights.subList(0, options).stream().mapToDouble(Double::doubleValue).sum();
  }

  @Override
  public Object value(double unit) {
    return labels.get(optionAt(unit));
  }

  @Override
  public boolean isLogarithmic() {
    return false;
  }

  @Override
  public boolean isCategorical() {
    return true;
  }

  @Override
  public Optional<List<String>> categories() {
    return Optional.of(labels.stream().map(String::valueOf).toList());
  }

  private double middle(int option) {
    return Math.min(LAST_UNIT, (start(option) + end(option)) / 2);
  }

  /** One for each option that has weight and a coordinate in the part. */
  @Override
  public List<Double> gridUnits(int points, double low, double high) {
    List<Double> units = new ArrayList<>();
    for (int option = 0; option < labels.size(); option++) {
      if (weights.get(option) > 0 && end(option) > low && start(option) < high) {
        units.add(middle(option));
      }
    }
    return units;
  }
}
