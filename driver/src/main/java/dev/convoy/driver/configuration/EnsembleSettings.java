package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.driver.state.EarlyStopping;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The validated ensemble block: who the members are and how they answer as one.
 *
 * @param members that are trained, 1 to 1,000
 * @param source where members come from
 * @param seed decides draws and seeds of members
 * @param metric by which members are weighed and selected
 * @param parallelMembers at once; empty for as many as the executors have room for
 * @param retries how often a member that crashed is tried again, at least 0
 * @param answer how they answer as one
 * @param averageWeights whether one more network has the mean of the members' weights
 * @param distillation how one more network learns from the ensemble; empty if none does
 * @param exportPredictions whether what members say is written for other tools
 */
public record EnsembleSettings(
    int members,
    Source source,
    long seed,
    EarlyStopping.Metric metric,
    OptionalInt parallelMembers,
    int retries,
    Answer answer,
    AverageWeights averageWeights,
    Optional<Distillation> distillation,
    boolean exportPredictions) {

  /**
   * Where members come from.
   *
   * @param from training or a search
   * @param search directory of the search; empty without one
   * @param seeds whether members that are trained have a seed each
   * @param variants what members have of their own, in turn
   */
  public record Source(From from, Optional<String> search, Seeds seeds, List<Config> variants) {
    /** Copies the list. */
    public Source {
      variants = List.copyOf(variants);
    }
  }

  /**
   * One more network that learns from the ensemble.
   *
   * @param weight share of the ensemble's answer in what is learned, in (0, 1]
   * @param run what it has instead of the experiment's keys
   */
  public record Distillation(double weight, Config run) {}

  /** What a member is. */
  public enum From {
    /** A run of its own. */
    RUNS,
    /** What one run was at the end of a cycle of its learning rate. */
    SNAPSHOTS,
    /** A trial of a search. */
    SEARCH
  }

  /** A network with the mean of the members' weights. */
  public enum AverageWeights {
    /** There is none. */
    OFF,
    /** The mean of all. */
    UNIFORM,
    /** The mean of those that make it better, from the best on. */
    GREEDY
  }

  /** Where a member's first parameters, order of examples, augmentation and dropout come from. */
  public enum Seeds {
    /** A seed of its own. */
    DIFFERENT,
    /** The ensemble's seed: members differ in their examples and configuration alone. */
    SAME
  }

  /**
   * How members answer as one.
   *
   * @param combine the rule
   * @param calibrate whether a temperature is fitted after combining
   * @param dropoutSamples how often each network is asked with dropout; empty for once, without
   */
  public record Answer(ComponentSettings combine, boolean calibrate, OptionalInt dropoutSamples) {}
}
