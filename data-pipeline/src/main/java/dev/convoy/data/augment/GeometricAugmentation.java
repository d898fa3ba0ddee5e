package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/**
 * A random change to where things are in a picture. It says where the pixels of the result come
 * from and touches none, so that geometric changes that follow each other, and the final fit to the
 * network's input, are one resampling.
 */
public non-sealed interface GeometricAugmentation extends Augmentation {
  /**
   * Draws a change.
   *
   * @param picture the shape of the picture that is changed
   * @param input the shape that the network takes; pictures need not have it yet
   * @param random keyed by the example
   */
  Warp draw(ImageShape picture, ImageShape input, KeyedRandom random);
}
