package dev.convoy.driver.cluster;

import dev.convoy.worker.training.TrainedShard;
import java.io.Serializable;

/** Takes one step with the mean gradient of a round, on an executor. Travels there. */
@FunctionalInterface
interface GradientStep extends Serializable {
  /**
   * Steps.
   *
   * @param parameters before it, flat; not changed
   * @param optimizerState before it, flat; empty for zeros; not changed
   * @param gradient flat; not changed
   * @return with parameters and state after it
   */
  TrainedShard step(float[] parameters, float[] optimizerState, float[] gradient) throws Exception;
}
