package dev.convoy.data.augment;

import dev.convoy.data.random.KeyedRandom;

/** A random change to the images of a batch and to what a network is to answer for them. */
public non-sealed interface BatchAugmentation extends Augmentation {
  /**
   * Changes a batch in place.
   *
   * @param random keyed by the batch
   */
  void apply(AugmentedBatch batch, KeyedRandom random);
}
