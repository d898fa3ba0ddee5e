package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.convoy.data.component.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The keys whose values are texts. HOCON takes {@code 007} for a number and {@code true} for a
 * boolean; for these keys they are what was written.
 */
final class TextKeys {
  /** Keys whose value is a text unless it is a number, or off. */
  private static final Set<String> TEXTS_OR_NUMBERS = Set.of("data.validation", "data.test");

  private TextKeys() {}

  private static Stream<String> texts() {
    return Defaults.types().entrySet().stream()
        .filter(key -> key.getValue().isText())
        .map(Map.Entry::getKey);
  }

  /** Whether every value of a key is a text. */
  static boolean isText(List<String> path) {
    ValueType<?> type = Defaults.types().get(String.join(".", path));
    return (type != null && type.isText()) || SparkBlock.isSetting(path);
  }

  /** Whether a key can have any text. */
  static boolean canBeText(List<String> path) {
    return isText(path) || TEXTS_OR_NUMBERS.contains(String.join(".", path));
  }

  /** The configuration with what was written in place of the numbers that HOCON made of texts. */
  static Config asWritten(Config config) {
    ConfigObject root = config.root();
    for (String key : (Iterable<String>) texts()::iterator) {
      root = asWritten(root, List.of(key.split("\\.")));
    }
    return root.toConfig();
  }

  private static ConfigObject asWritten(ConfigObject object, List<String> path) {
    String name = path.get(0);
    ConfigValue value = object.get(name);
    if (path.size() == 1) {
      return value == null ? object : object.withValue(name, asWritten(value));
    }
    return value instanceof ConfigObject member && isKnown(member)
        ? object.withValue(name, asWritten(member, path.subList(1, path.size())))
        : object;
  }

  /** A text for a number or a boolean; anything else as it is. */
  static ConfigValue asWritten(ConfigValue value) {
    try {
      return value.valueType() == ConfigValueType.NUMBER
              || value.valueType() == ConfigValueType.BOOLEAN
          ? ConfigValueFactory.fromAnyRef(Hocon.original(value)).withOrigin(value.origin())
          : value;
    } catch (ConfigException.NotResolved e) {
      return value;
    }
  }

  /** Whether the members of an object can be looked at before substitutions are resolved. */
  static boolean isKnown(ConfigObject object) {
    try {
      return object.keySet() != null;
    } catch (ConfigException.NotResolved e) {
      return false;
    }
  }
}
