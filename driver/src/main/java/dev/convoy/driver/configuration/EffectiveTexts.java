package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.util.List;

/** Configurations as text, each with the part that decides what comes of it. */
public final class EffectiveTexts {
  /** Keys that do not change the parameters a run ends with. */
  private static final List<String> NOT_OF_A_RUN =
      List.of(
          "name",
          "output",
          "overwrite",
          "averaging.route",
          "checkpoint",
          "spark",
          "accelerator.recompute",
          // What they come to is part of a run's identity by itself.
          "accelerator.instruction-set",
          "accelerator.gpu",
          "training.max-minutes",
          "data.memory-fraction");

  /** Keys of the search that say when it ends and what it leaves, not what its trials are. */
  private static final List<String> NOT_OF_A_SEARCH =
      List.of(
          "search.trials",
          "search.max-minutes",
          "search.max-epochs",
          "search.target",
          "search.parallel-trials",
          "search.retries",
          "search.keep-models",
          "search.refit",
          "ensemble");

  /** Keys of an ensemble that say how many members there are and how they answer, not who. */
  private static final List<String> NOT_OF_AN_ENSEMBLE =
      List.of(
          "ensemble.members",
          "ensemble.combine",
          "ensemble.select",
          "ensemble.selection-rounds",
          "ensemble.stacking-examples",
          "ensemble.temperature",
          "ensemble.metric",
          "ensemble.parallel-members",
          "ensemble.retries",
          "ensemble.dropout-samples",
          "ensemble.average-weights",
          "ensemble.distill",
          "ensemble.export-predictions",
          "search");

  private EffectiveTexts() {}

  /** Of a run: a configuration with its defaults, and without distributions. */
  static EffectiveText ofRun(Config merged) {
    return of(merged, List.of("search", "ensemble"));
  }

  /**
   * Of a search: what was written, over the defaults, where distributions take the place of what
   * they stand for. Reading it again gives the same search.
   *
   * @param written resolved
   */
  public static EffectiveText ofSearch(Config written) {
    return of(over(written.root(), Defaults.CONFIG.root()).toConfig(), NOT_OF_A_SEARCH);
  }

  /**
   * The same of an ensemble. Its identity is that of its members.
   *
   * @param written resolved
   */
  public static EffectiveText ofEnsemble(Config written) {
    return of(over(written.root(), Defaults.CONFIG.root()).toConfig(), NOT_OF_AN_ENSEMBLE);
  }

  private static EffectiveText of(Config merged, List<String> notOfTheseRuns) {
    Config identity = merged;
    for (List<String> keys : List.of(NOT_OF_A_RUN, notOfTheseRuns)) {
      for (String key : keys) {
        identity = identity.withoutPath(key);
      }
    }
    return EffectiveText.of(merged, identity);
  }

  private static ConfigObject over(ConfigObject written, ConfigObject defaults) {
    ConfigObject merged = defaults;
    for (String key : written.keySet()) {
      merged = merged.withValue(key, over(written.get(key), defaults.get(key)));
    }
    return merged;
  }

  private static ConfigValue over(ConfigValue written, ConfigValue below) {
    boolean joins =
        written instanceof ConfigObject object
            && (!Distributions.isDistribution(object) || choosesObjects(object));
    return joins && below instanceof ConfigObject defaults
        ? over((ConfigObject) written, defaults)
        : written;
  }

  /** Only a chosen object is merged with what stands around it. */
  private static boolean choosesObjects(ConfigObject distribution) {
    return distribution.get("choice") instanceof ConfigList options
        && options.stream().allMatch(ConfigObject.class::isInstance);
  }
}
