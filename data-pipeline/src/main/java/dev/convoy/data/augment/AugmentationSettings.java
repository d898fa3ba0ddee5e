package dev.convoy.data.augment;

import java.util.Map;
import java.util.Objects;

/**
 * One augmentation of a list.
 *
 * @param name one of {@link Augmentations#names()}
 * @param parameters values that differ from the defaults, by parameter name
 */
public record AugmentationSettings(String name, Map<String, Double> parameters) {
  /** Copies the parameters. */
  public AugmentationSettings {
    Objects.requireNonNull(name, "name");
    parameters = Map.copyOf(parameters);
  }
}
