package dev.convoy.worker.ensemble;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A combination with all its parameters. Immutable; travels to executors. */
public interface CombinationRule extends Combination, Serializable {
  /** Its name in files and configurations. */
  String key();

  /** The lists of numbers that it is saved with, by name; they belong to the caller. */
  default Map<String, double[]> numbers() {
    return Map.of();
  }

  /**
   * Checks that this rule can combine the answers of so many members about so many classes.
   *
   * @throws IllegalArgumentException if it was made for other numbers
   */
  default void requireFit(int members, int classes) {}

  /** Whether a temperature can soften the answers. */
  default boolean takesTemperature() {
    return true;
  }

  /** How much each member counts; one of weight 0 changes no answer. */
  default List<Double> weights(int members) {
    return Collections.nCopies(members, 1.0);
  }

  /**
   * The rule for some of the members alone.
   *
   * @param members all that have a weight above 0, and perhaps more, ascending
   */
  default CombinationRule only(List<Integer> members) {
    return this;
  }
}
