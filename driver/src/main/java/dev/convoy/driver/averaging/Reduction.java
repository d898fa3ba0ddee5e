package dev.convoy.driver.averaging;

import dev.convoy.worker.training.TrainedShard;

/** How the results of one round's workers become the next model. Driver only. */
public interface Reduction {
  /** Takes in a worker's result. They come in shard order. */
  void add(TrainedShard result);

  /** The next model, once all results were added; called once. */
  AveragedModel end();
}
