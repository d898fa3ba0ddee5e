package dev.convoy.driver.configuration;

import dev.convoy.driver.state.EarlyStopping;
import java.util.OptionalInt;

/**
 * The validated ensemble block: who the members are and how they answer as one.
 *
 * @param members that are trained, 1 to 1,000
 * @param seed decides draws and seeds of members
 * @param seeds whether members have a seed each
 * @param metric by which members are weighed and selected
 * @param parallelMembers at once; empty for as many as the cluster has room for
 * @param retries how often a member that crashed is tried again, at least 0
 * @param answer how they answer as one
 */
public record EnsembleSettings(
    int members,
    long seed,
    Seeds seeds,
    EarlyStopping.Metric metric,
    OptionalInt parallelMembers,
    int retries,
    Answer answer) {

  /** Where a member's first parameters, order of examples, augmentation and dropout come from. */
  public enum Seeds {
    /** A seed of its own. */
    DIFFERENT("different"),
    /** The ensemble's seed: members differ in their examples and configuration alone. */
    SAME("same");

    private final String key;

    Seeds(String key) {
      this.key = key;
    }

    /** The name in configurations. */
    public String key() {
      return key;
    }
  }

  /** How answers are combined. */
  public enum Combine {
    /** Mean of the probabilities. */
    SOFT("soft"),
    /** Geometric mean. */
    GEOMETRIC("geometric"),
    /** Mean with weights learned from predictions. */
    WEIGHTED("weighted"),
    /** Most votes. */
    HARD("hard"),
    /** Logistic regression on the probabilities. */
    STACKED("stacked");

    private final String key;

    Combine(String key) {
      this.key = key;
    }

    /** The name in configurations. */
    public String key() {
      return key;
    }
  }

  /** Which members answer. */
  public enum Select {
    /** All. */
    ALL("all"),
    /** Those that make the ensemble better, as often as they do. */
    GREEDY("greedy");

    private final String key;

    Select(String key) {
      this.key = key;
    }

    /** The name in configurations. */
    public String key() {
      return key;
    }
  }

  /**
   * How members answer as one.
   *
   * @param combine the rule
   * @param select which of them; greedy only with the soft rule
   * @param selectionRounds of greedy selection, at least 1
   * @param stackingExamples that stacking is learned from at most, at least 1
   * @param calibrate whether a temperature is fitted after combining
   */
  public record Answer(
      Combine combine,
      Select select,
      int selectionRounds,
      int stackingExamples,
      boolean calibrate) {}
}
