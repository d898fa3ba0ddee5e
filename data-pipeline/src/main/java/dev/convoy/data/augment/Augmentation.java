package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.random.KeyedRandom;

/** One random change to a training image. Stateless, hence safe in any number of threads. */
public interface Augmentation {
  /**
   * Changes one image in place.
   *
   * @param pixels 8-bit values in CHW order
   * @param shape the image's shape
   * @param random the only source of chance; how many numbers are drawn may depend on settings, not
   *     on pixels
   */
  void apply(byte[] pixels, ImageShape shape, KeyedRandom random);
}
