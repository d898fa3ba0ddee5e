package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import dev.convoy.data.component.ValueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Every key with its default, as {@code defaults.conf} has them, and with its type. */
final class Defaults {
  static final Config CONFIG =
      ConfigFactory.parseResources(
          Defaults.class.getClassLoader(),
          "convoy/defaults.conf",
          ConfigParseOptions.defaults()
              .setAllowMissing(false)
              .setOriginDescription("defaults.conf"));

  /** The keys of data.validation where it is an object; in the defaults it is a number. */
  static final ConfigObject FOLD = ConfigFactory.parseString("fold = 1, folds = 2").root();

  private Defaults() {}

  /** Every key, blocks among them, but for the options of models. */
  static List<String> keys() {
    List<String> keys = new ArrayList<>();
    ConfigTree.walk("", CONFIG.root(), (key, value) -> keys.add(key));
    keys.remove(0); // the whole
    FOLD.keySet().forEach(key -> keys.add("data.validation." + key));
    ComponentBlock.optionKeys().stream().filter(key -> !keys.contains(key)).forEach(keys::add);
    return keys;
  }

  /** The type of every key that has a value, as readers ask for it. */
  static Map<String, ValueType<?>> types() {
    return Types.BY_KEY;
  }

  private static final class Types {
    private static final Map<String, ValueType<?>> BY_KEY = read();

    private static Map<String, ValueType<?>> read() {
      List<String> problems = new ArrayList<>();
      Settings settings = new Settings(CONFIG, problems);
      RunReader.read(settings);
      SearchReader.read(settings);
      EnsembleReader.read(settings);
      if (!problems.isEmpty()) {
        throw new IllegalStateException("Cannot read defaults.conf: " + problems);
      }
      return Collections.unmodifiableMap(settings.types());
    }
  }
}
