package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.ArraySource;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What tests of augmentations' properties have in common. */
final class AugmentationCases {
  private static final int DRAWS = 4000;

  private AugmentationCases() {}

  /** What is drawn for each of many examples. */
  static double[] sample(ToDoubleFunction<KeyedRandom> draw) {
    return IntStream.range(0, DRAWS).mapToDouble(i -> draw.applyAsDouble(random(i))).toArray();
  }

  static ComponentSettings settings(String name, Map<String, Object> options) {
    return new ComponentSettings(name, options);
  }

  static Augmentation augmentation(String name, Map<String, Object> options) {
    return Augmentations.FAMILY.create(settings(name, options));
  }

  static Picture picture(ImageShape shape, int key) {
    return new Picture(shape, ArraySource.pixels(key, shape));
  }

  static KeyedRandom random(int example) {
    return KeyedRandom.of(1, Purpose.AUGMENTATION, 0, example);
  }
}
