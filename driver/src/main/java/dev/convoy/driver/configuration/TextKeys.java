package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.convoy.data.component.ValueType;
import java.util.List;
import java.util.Set;

/**
 * The keys whose values are texts. HOCON takes {@code 007} for a number and {@code true} for a
 * boolean; for these keys they are what was written.
 */
final class TextKeys {
  /** Keys whose value is a text unless it is a number, or off. */
  private static final Set<String> TEXTS_OR_NUMBERS = Set.of("data.validation", "data.test");

  private static final List<List<String>> TEXTS =
      Defaults.types().entrySet().stream()
          .filter(key -> key.getValue().isText())
          .map(key -> List.of(key.getKey().split("\\.")))
          .toList();

  private TextKeys() {}

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
    for (List<String> path : TEXTS) {
      root = ConfigTree.replace(root, path, TextKeys::asWritten);
    }
    return root.toConfig();
  }

  /** A text for a number or a boolean; anything else as it is. */
  static ConfigValue asWritten(ConfigValue value) {
    return ConfigTree.type(value)
        .filter(type -> type == ConfigValueType.NUMBER || type == ConfigValueType.BOOLEAN)
        .<ConfigValue>map(
            type -> ConfigValueFactory.fromAnyRef(Hocon.original(value)).withOrigin(value.origin()))
        .orElse(value);
  }
}
