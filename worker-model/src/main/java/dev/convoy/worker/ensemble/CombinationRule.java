package dev.convoy.worker.ensemble;

/**
 * A way to combine, with all the numbers that it needs: data and function in one. Immutable.
 *
 * <p>A rule goes to executors as the JSON of its {@link CombinationSettings} ({@link
 * CombinationJson}).
 */
public sealed interface CombinationRule extends Combination
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
