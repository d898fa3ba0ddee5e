package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.random.KeyedRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A list of augmentations that are applied in their order, and the registry that they come from. A
 * new augmentation is one more entry in the registry. Immutable and thread-safe.
 */
public final class Augmentations {
  private static final Map<String, Kind> KINDS =
      new TreeMap<>(
          Map.of(
              "random-crop",
              new Kind(
                  Map.of(
                      "padding",
                      new Parameter(4, 0, 64, "zero pixels added on every side before cropping")),
                  values -> new RandomCrop(wholeNumber("random-crop", "padding", values))),
              "horizontal-flip",
              new Kind(
                  Map.of("probability", new Parameter(0.5, 0, 1, "how often an image is mirrored")),
                  values -> new HorizontalFlip(values.get("probability")))));

  private static final Augmentations NONE = new Augmentations(List.of());

  private final List<Augmentation> steps;

  private Augmentations(List<Augmentation> steps) {
    this.steps = steps;
  }

  /**
   * The augmentations that settings describe, in their order.
   *
   * @throws IllegalArgumentException when a name or parameter is unknown or a value out of range
   */
  public static Augmentations of(List<AugmentationSettings> settings) {
    List<Augmentation> steps = new ArrayList<>();
    for (AugmentationSettings setting : settings) {
      Kind kind = kind(setting.name());
      steps.add(kind.create().apply(values(setting, kind.parameters())));
    }
    return new Augmentations(List.copyOf(steps));
  }

  /** No augmentation at all. */
  public static Augmentations none() {
    return NONE;
  }

  /** The names of all augmentations, sorted. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(KINDS.keySet());
  }

  /**
   * The parameters of one augmentation, by name.
   *
   * @throws IllegalArgumentException when there is no augmentation called {@code name}
   */
  public static Map<String, Parameter> parameters(String name) {
    return kind(name).parameters();
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

  private static Kind kind(String name) {
    Kind kind = KINDS.get(name);
    if (kind == null) {
      throw new IllegalArgumentException(
          "Cannot augment images: expected one of "
              + String.join(", ", KINDS.keySet())
              + ", found "
              + name
              + ".");
    }
    return kind;
  }

  private static Map<String, Double> values(
      AugmentationSettings setting, Map<String, Parameter> parameters) {
    Map<String, Double> values = new TreeMap<>();
    parameters.forEach((name, parameter) -> values.put(name, parameter.defaultValue()));
    setting
        .parameters()
        .forEach(
            (name, value) -> {
              requireValid(setting.name(), name, value, parameters);
              values.put(name, value);
            });
    return values;
  }

  private static void requireValid(
      String augmentation, String name, double value, Map<String, Parameter> parameters) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "Cannot augment images: expected a parameter of "
              + augmentation
              + " ("
              + String.join(", ", new TreeMap<>(parameters).keySet())
              + "), found "
              + name
              + ".");
    }
    if (!(value >= parameter.minimum() && value <= parameter.maximum())) {
      throw new IllegalArgumentException(
          "Cannot augment images: expected "
              + augmentation
              + " "
              + name
              + " of "
              + parameter.minimum()
              + " to "
              + parameter.maximum()
              + ", found "
              + value
              + ".");
    }
  }

  private static int wholeNumber(String augmentation, String name, Map<String, Double> values) {
    double value = values.get(name);
    if (value != Math.rint(value)) {
      throw new IllegalArgumentException(
          "Cannot augment images: expected a whole number for "
              + augmentation
              + " "
              + name
              + ", found "
              + value
              + ".");
    }
    return (int) value;
  }

  private record Kind(
      Map<String, Parameter> parameters, Function<Map<String, Double>, Augmentation> create) {}
}
