package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares the keys of what was written with those that there are. */
final class KeyCheck {
  private static final String STOPPING = "training.early-stopping";

  /** Blocks whose keys are not Convoy's, or are looked at elsewhere. */
  private static final List<String> OPEN_BLOCKS = List.of("spark.conf", "ensemble.distill.run");

  private final Settings settings;
  private final List<String> modelOptions;

  private KeyCheck(Settings settings) {
    this.settings = settings;
    this.modelOptions = ComponentBlock.MODEL.optionKeys(settings);
  }

  /**
   * Notes every key that the defaults do not have, with the nearest one that they have.
   *
   * @param settings the same over the defaults, which take the problems
   */
  static void check(Config given, Settings settings) {
    new KeyCheck(settings).check(given.root(), Defaults.CONFIG.root(), "");
  }

  /** The same for one block. */
  static void checkBlock(String block, Config given, Settings settings) {
    if (given.root().get(block) instanceof ConfigObject object) {
      ConfigObject known = (ConfigObject) Defaults.CONFIG.root().get(block);
      new KeyCheck(settings).check(object, known, block + ".");
    }
  }

  private void check(ConfigObject given, ConfigObject known, String prefix) {
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      String key =
          prefix + ConfigUtil.quoteString(entry.getKey()).replaceAll("^\"([\\w-]+)\"$", "$1");
      ConfigValue value = entry.getValue();
      ConfigValue expected = known.get(entry.getKey());
      if (OPEN_BLOCKS.stream().anyMatch(block -> key.startsWith(block + "."))
          || ComponentBlock.optionKeys().contains(key)
          || modelOptions.contains(key)
          || isUnsetModelOption(key, value)) {
        continue;
      }
      if (expected == null) {
        String hint = KeyNames.hint(key, value instanceof ConfigObject, modelOptions);
        settings.note(key + ": unknown key" + hint + " (" + Settings.place(value) + ")");
      } else if (expected instanceof ConfigObject block) {
        checkObject(key, value, block);
      } else if (key.equals("data.validation") && value instanceof ConfigObject object) {
        check(object, Defaults.FOLD, key + ".");
      }
    }
  }

  private void checkObject(String key, ConfigValue given, ConfigObject known) {
    if (given instanceof ConfigObject object) {
      check(object, known, key + ".");
    } else if (!key.equals(STOPPING)) {
      settings.problem(key, "an object { … }" + KeyNames.hintOfBlock(key, given));
    } else if (!settings.isOff(key)) {
      settings.problem(key, "off or an object");
    }
  }

  /** An option of the experiment's model that makes room for another model. */
  private static boolean isUnsetModelOption(String key, ConfigValue given) {
    return key.startsWith("model.")
        && !key.equals("model.name")
        && given.valueType() == ConfigValueType.NULL;
  }

  /** One line for every object that stands where a value is expected, and is no distribution. */
  static List<String> unknownDistributions(Config written) {
    List<String> problems = new ArrayList<>();
    findUnknownDistributions("", written.root(), Defaults.CONFIG.root(), problems);
    return problems;
  }

  private static void findUnknownDistributions(
      String prefix, ConfigObject written, ConfigObject known, List<String> problems) {
    for (String name : written.keySet()) {
      String key = prefix + name;
      ConfigValue expected = known.get(name);
      boolean isOption = prefix.equals("model.") || ComponentBlock.optionKeys().contains(key);
      if (!(written.get(name) instanceof ConfigObject object)
          || Distributions.isDistribution(object)
          || key.equals("data.validation")
          || (expected == null && !isOption)) {
        continue;
      }
      if (!(expected instanceof ConfigObject block)) {
        problems.add(Distributions.unknown(key, object));
      } else if (!OPEN_BLOCKS.contains(key)) {
        findUnknownDistributions(key + ".", object, block, problems);
      }
    }
  }
}
