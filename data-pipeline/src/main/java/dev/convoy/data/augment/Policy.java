package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.random.KeyedRandom;
import java.util.List;

/** Draws some operations for every picture, to be done one after the other. */
non-sealed interface Policy extends Augmentation {
  /**
   * Draws the operations.
   *
   * @param shape of the picture that is to be changed
   * @param random keyed by the example
   */
  List<PolicyStep> draw(ImageShape shape, KeyedRandom random);
}
