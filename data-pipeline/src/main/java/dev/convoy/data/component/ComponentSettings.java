package dev.convoy.data.component;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which member of a family to make, and the options that differ from its defaults, as a
 * configuration file holds them. Not checked; {@link Family#problems} does that.
 *
 * @param name the member's name
 * @param options option name to value: a {@link Number}, {@link Boolean}, {@link String}, a {@link
 *     java.util.List} of such, or a {@link Map} with the key {@code name} for a component within.
 *     Sorted, copied, and without null values; lists and maps within belong to nobody and are not
 *     changed.
 */
public record ComponentSettings(String name, Map<String, Object> options) implements Serializable {
  /** The key that names the member where settings are written as one map. */
  public static final String NAME_KEY = "name";

  /** Copies the options. A null value means that the option is not set. */
  public ComponentSettings {
    Objects.requireNonNull(name, "name");
    TreeMap<String, Object> given = new TreeMap<>(options);
    given.values().removeIf(Objects::isNull);
    options = Collections.unmodifiableMap(given);
  }

  /** The named member with every option at its default. */
  public static ComponentSettings defaults(String name) {
    return new ComponentSettings(name, Map.of());
  }

  /** The settings that a map with the key {@code name} holds; a missing name is empty. */
  public static ComponentSettings of(Map<String, ?> members) {
    TreeMap<String, Object> options = new TreeMap<>(members);
    Object name = options.remove(NAME_KEY);
    return new ComponentSettings(name == null ? "" : name.toString(), options);
  }
}
