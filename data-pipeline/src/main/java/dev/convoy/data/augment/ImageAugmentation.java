package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.random.KeyedRandom;

/** A random change to one image, whatever its class. */
public non-sealed interface ImageAugmentation extends Augmentation {
  /**
   * Changes one image in place.
   *
   * @param pixels 8-bit values in CHW order
   * @param shape the image's shape
   * @param random keyed by the example
   */
  void apply(byte[] pixels, ImageShape shape, KeyedRandom random);
}
