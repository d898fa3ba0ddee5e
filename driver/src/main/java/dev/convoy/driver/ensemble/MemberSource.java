package dev.convoy.driver.ensemble;

import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.trial.DataPool;

/** Where the members of an ensemble come from. */
interface MemberSource {
  /**
   * Gathers them.
   *
   * @param data the images of all of them
   * @param images the same, to be shared
   */
  Members members(TrainingData data, DataPool images);
}
