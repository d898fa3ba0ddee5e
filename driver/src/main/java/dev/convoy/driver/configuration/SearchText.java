package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.util.List;

/** The configuration of a search, or an ensemble, as text: distributions stand in it. */
final class SearchText {
  /** Keys of the search that say when it ends and what it leaves, not what its trials are. */
  static final List<String> NOT_A_SEARCHS_IDENTITY =
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
  static final List<String> NOT_AN_ENSEMBLES_IDENTITY =
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

  private SearchText() {}

  static EffectiveText of(
      Config written, Config defaults, List<String> notIdentity, List<String> alsoNotIdentity) {
    Config merged = over(written.root(), defaults.root()).toConfig();
    Config identity = merged;
    for (String key : notIdentity) {
      identity = identity.withoutPath(key);
    }
    for (String key : alsoNotIdentity) {
      identity = identity.withoutPath(key);
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
