package dev.convoy.driver.averaging;

import dev.convoy.worker.training.TrainedShard;
import java.util.Optional;

/** How the results of one round's workers become the next model. Driver only. */
public interface Reduction {
  /** Takes in a worker's result. They come in shard order. */
  void add(TrainedShard result);

  /** The next model, once all results were added; called once. */
  AveragedModel end();

  /**
   * What a step that belongs to the end did to groups of layers, as {@link
   * dev.convoy.worker.optimizer.GroupNorms#values}; empty where only workers took steps.
   */
  default Optional<float[]> groupNorms() {
    return Optional.empty();
  }
}
