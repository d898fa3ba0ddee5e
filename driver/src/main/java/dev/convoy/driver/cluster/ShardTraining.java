package dev.convoy.driver.cluster;

import dev.convoy.data.shard.Examples;
import dev.convoy.worker.training.TrainedShard;
import java.io.Serializable;

/** Trains a round on a shard, on an executor. Travels there. */
@FunctionalInterface
interface ShardTraining extends Serializable {
  /**
   * Trains.
   *
   * @param parameters to start from, flat; not changed
   * @param optimizerState to start from, flat; empty for zeros; not changed
   */
  TrainedShard train(int shard, Examples examples, float[] parameters, float[] optimizerState)
      throws Exception;
}
