package dev.convoy.worker.model;

import java.util.Map;
import java.util.Objects;

/**
 * Which model to build, and the options that differ from its defaults.
 *
 * @param name the model's name, one of {@link Models#names()}
 * @param options option name to value; values are {@link Number}, {@link String}, {@link Boolean}
 *     or a {@link java.util.List} of numbers, as a configuration file holds them. Copied: later
 *     changes to the caller's map are not seen.
 */
public record ModelSettings(String name, Map<String, Object> options) {
  /** Checks that nothing is null and copies the options. */
  public ModelSettings {
    Objects.requireNonNull(name, "name");
    options = Map.copyOf(options);
  }

  /** The named model with every option at its default. */
  public static ModelSettings defaults(String name) {
    return new ModelSettings(name, Map.of());
  }
}
