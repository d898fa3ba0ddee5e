package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.util.List;

/** Configurations as text, each with the part that decides what comes of it. */
final class EffectiveTexts {
  /** Keys that do not change the parameters a run ends with. */
  private static final List<String> NOT_OF_A_RUN =
      List.of(
          "name",
          "output",
          "overwrite",
          "checkpoint",
          "spark",
          // What it comes to is part of a run's identity by itself.
          "accelerator.instruction-set",
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
    return EffectiveText.of(merged, without(merged, NOT_OF_A_RUN, List.of("search", "ensemble")));
  }

  /** Of a search: what was written over the defaults, where distributions stand for values. */
  static EffectiveText ofSearch(Config written) {
    Config merged = over(written.root(), Defaults.CONFIG.root()).toConfig();
    return EffectiveText.of(merged, without(merged, NOT_OF_A_RUN, NOT_OF_A_SEARCH));
  }

  /** Of an ensemble; its identity is that of its members. */
  static EffectiveText ofEnsemble(Config written) {
    Config merged = over(written.root(), Defaults.CONFIG.root()).toConfig();
    return EffectiveText.of(merged, without(merged, NOT_OF_A_RUN, NOT_OF_AN_ENSEMBLE));
  }

  private static Config without(Config merged, List<String> keys, List<String> moreKeys) {
    Config identity = merged;
    for (String key : keys) {
      identity = identity.withoutPath(key);
    }
    for (String key : moreKeys) {
      identity = identity.withoutPath(key);
    }
    return identity;
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
