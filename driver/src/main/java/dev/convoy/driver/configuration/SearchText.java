package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.util.List;

/** The configuration of a search as text. */
final class SearchText {
  /** Keys of the search that say when it ends and what it leaves, not what its trials are. */
  private static final List<String> NOT_IDENTITY =
      List.of(
          "search.trials",
          "search.max-minutes",
          "search.max-epochs",
          "search.target",
          "search.parallel-trials",
          "search.retries",
          "search.keep-models",
          "search.refit");

  private SearchText() {}

  static EffectiveText of(Config written, Config defaults, List<String> notIdentity) {
    Config merged = over(written.root(), defaults.root()).toConfig();
    Config identity = merged;
    for (String key : notIdentity) {
      identity = identity.withoutPath(key);
    }
    for (String key : NOT_IDENTITY) {
      identity = identity.withoutPath(key);
    }
    ConfigRenderOptions readable =
        ConfigRenderOptions.defaults().setComments(false).setOriginComments(false).setJson(false);
    return new EffectiveText(
        merged.root().render(readable), identity.root().render(ConfigRenderOptions.concise()));
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
