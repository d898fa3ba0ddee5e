package dev.convoy.driver.configuration;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Looks up and replaces values of a configuration whose substitutions may not be resolved yet. */
public final class ConfigTree {
  private ConfigTree() {}

  /** The type of a value; empty for null, and for a substitution that is not resolved. */
  static Optional<ConfigValueType> type(ConfigValue value) {
    try {
      return Optional.ofNullable(value).map(ConfigValue::valueType);
    } catch (ConfigException.NotResolved e) {
      return Optional.empty();
    }
  }

  /** A value as an object; empty for other values, and for an object that is not resolved. */
  static Optional<ConfigObject> object(ConfigValue value) {
    try {
      return value instanceof ConfigObject object && object.keySet() != null
          ? Optional.of(object)
          : Optional.empty();
    } catch (ConfigException.NotResolved e) {
      return Optional.empty();
    }
  }

  /** The value at a path; empty if there is none, or if it is not resolved. */
  static Optional<ConfigValue> at(ConfigValue root, List<String> path) {
    return path.isEmpty()
        ? Optional.ofNullable(root)
        : object(root).flatMap(node -> at(node.get(path.get(0)), path.subList(1, path.size())));
  }

  /**
   * The configuration with the value at a path replaced; the same one if there is no value, or if
   * it stays.
   */
  static ConfigObject replace(ConfigObject root, List<String> path, UnaryOperator<ConfigValue> by) {
    String name = path.get(0);
    ConfigValue value = root.get(name);
    ConfigValue replaced = replaced(value, path, by);
    return replaced == value ? root : root.withValue(name, replaced);
  }

  private static ConfigValue replaced(
      ConfigValue value, List<String> path, UnaryOperator<ConfigValue> by) {
    if (value == null) {
      return null;
    }
    return path.size() == 1
        ? by.apply(value)
        : object(value)
            .<ConfigValue>map(node -> replace(node, path.subList(1, path.size()), by))
            .orElse(value);
  }

  /** Visits a resolved value and all values below it, but not the elements of lists. */
  public static void walk(String key, ConfigValue value, BiConsumer<String, ConfigValue> visitor) {
    visitor.accept(key, value);
    if (value instanceof ConfigObject object) {
      object.forEach(
          (name, member) -> walk(key.isEmpty() ? name : key + "." + name, member, visitor));
    }
  }
}
