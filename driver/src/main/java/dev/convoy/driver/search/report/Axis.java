package dev.convoy.driver.search.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A hyperparameter, as a report shows it.
 *
 * @param name the key of its values in {@link dev.convoy.driver.trial.TrialEvent#values()}
 * @param logarithmic whether it is looked at by its logarithm; its values are then positive numbers
 * @param categories what it can be, written as text, in the order to be shown; empty for numbers
 */
public record Axis(String name, boolean logarithmic, Optional<List<String>> categories) {
  /**
   * Of a key that has values of either, as branches of a choice can give it: by logarithm only if
   * both are, and numbers if one of them is.
   */
  public Axis with(Axis other) {
    Optional<List<String>> all =
        categories.isEmpty() || other.categories.isEmpty()
            ? Optional.empty()
            : Optional.of(
                Stream.of(this, other)
                    .flatMap(axis -> axis.categories.orElseThrow().stream())
                    .distinct()
                    .toList());
    return new Axis(name, logarithmic && other.logarithmic, all);
  }
}
