package dev.convoy.worker.ensemble;

import java.util.Map;

/** How members are to be combined, before anything is learned for it. Immutable. */
public interface CombinationMethod {
  /** Whether it learns from the members' predictions for labelled examples. */
  default boolean learns() {
    return false;
  }

  /** For how many classes it can be learned at most with so many members. */
  default int mostClasses(int members) {
    return Integer.MAX_VALUE;
  }

  /** Whether a temperature can soften the combined answers. */
  default boolean takesTemperature() {
    return true;
  }

  /**
   * The rule.
   *
   * @param learner for a method that learns; null for others
   */
  CombinationRule rule(Learner learner);

  /** The lists of numbers that a rule is saved with, by name, and how long each is. */
  default Map<String, Length> numbers() {
    return Map.of();
  }

  /** The rule that was saved with these lists of numbers ({@link CombinationRule#numbers}). */
  CombinationRule restored(Map<String, double[]> numbers);

  /** How long a list of numbers is for so many members and classes. */
  @FunctionalInterface
  interface Length {
    /** The length. */
    long of(long members, long classes);
  }

  /** A method that learns nothing. */
  static CombinationMethod of(CombinationRule rule) {
    return new Fixed(rule);
  }

  /** The rule itself. */
  record Fixed(CombinationRule rule) implements CombinationMethod {
    @Override
    public boolean takesTemperature() {
      return rule.takesTemperature();
    }

    @Override
    public CombinationRule rule(Learner learner) {
      return rule;
    }

    @Override
    public CombinationRule restored(Map<String, double[]> numbers) {
      return rule;
    }
  }
}
