package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Family;
import dev.convoy.data.random.KeyedRandom;
import java.util.List;

/**
 * A list of augmentations that are applied in their order, and the family that they come from.
 * Immutable and thread-safe.
 */
public final class Augmentations {
  /** Every augmentation. A new one is its own file and one more line here. */
  public static final Family<Augmentation> FAMILY =
      Family.of("augmentation", List.of(HorizontalFlip.COMPONENT, RandomCrop.COMPONENT));

  private static final Augmentations NONE = new Augmentations(List.of());

  private final List<Augmentation> steps;

  private Augmentations(List<Augmentation> steps) {
    this.steps = steps;
  }

  /**
   * The augmentations that settings describe, in their order.
   *
   * @throws IllegalArgumentException when a name or option is unknown or a value out of range
   */
  public static Augmentations of(List<ComponentSettings> settings) {
    return new Augmentations(settings.stream().map(FAMILY::create).toList());
  }

  /** No augmentation at all. */
  public static Augmentations none() {
    return NONE;
  }

  /** Changes one image in place; see {@link Augmentation#apply}. */
  public void apply(byte[] pixels, ImageShape shape, KeyedRandom random) {
    for (Augmentation step : steps) {
      step.apply(pixels, shape, random);
    }
  }

  /** True when nothing is ever changed. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }
}
