package dev.convoy.worker.ensemble;

import java.io.Serializable;

/** A combination with all its parameters. Immutable; travels to executors. */
public sealed interface CombinationRule extends Combination, Serializable
    permits SoftVote, GeometricMean, WeightedVote, HardVote, StackedVote {

  /** Its name in files and configurations. */
  String key();

  /**
   * Checks that this rule can combine the answers of so many members about so many classes.
   *
   * @throws IllegalArgumentException if it was made for other numbers
   */
  default void requireFit(int members, int classes) {}
}
