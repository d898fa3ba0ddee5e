package dev.convoy.driver.search.report;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A trial of a search: where it is in the space, and what came of it so far.
 *
 * @param trial its number, unique in the search
 * @param state such as {@code completed} or {@code stopped}
 * @param epochs that it trained for, at least 0
 * @param metric its latest; empty before its first, and for good if it failed before
 * @param values of the hyperparameters by name: Double, Long, String or Boolean; one that a
 *     condition rules out is absent
 * @param epochsSpent by all trials of the search when the latest metric came, at least 0: the order
 *     of results
 */
public record TrialPoint(
    int trial,
    String state,
    int epochs,
    OptionalDouble metric,
    Map<String, Object> values,
    long epochsSpent) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a number of epochs is below 0
   */
  public TrialPoint {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(metric, "metric");
    values = Map.copyOf(values);
    if (epochs < 0 || epochsSpent < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot show trial %d: expected epochs of at least 0, found %d, and %d in all",
              trial,
              epochs,
              epochsSpent));
    }
  }
}
