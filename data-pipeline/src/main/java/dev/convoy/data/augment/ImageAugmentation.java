package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.random.KeyedRandom;

/** A random change to one picture, whatever its class. */
public non-sealed interface ImageAugmentation extends Augmentation {
  /**
   * Changes one picture.
   *
   * @param picture in its own shape, which may be larger than the network's input; may be changed
   *     in place, and returned
   * @param input the shape that the network takes; pictures need not have it yet
   * @param random keyed by the example
   * @return a picture of the same channels, of any size
   */
  Picture apply(Picture picture, ImageShape input, KeyedRandom random);
}
