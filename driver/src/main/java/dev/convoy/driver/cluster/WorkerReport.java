package dev.convoy.driver.cluster;

import dev.convoy.driver.averaging.TaskCost;
import dev.convoy.worker.training.TrainedShard;

/**
 * What a worker's task brings to the driver. A plain class, because it crosses the wire.
 *
 * <p>Its arrays belong to the receiver.
 */
final class WorkerReport {
  private final TrainedShard trained;
  private final TaskCost cost;

  WorkerReport(TrainedShard trained, TaskCost cost) {
    this.trained = trained;
    this.cost = cost;
  }

  TrainedShard trained() {
    return trained;
  }

  TaskCost cost() {
    return cost;
  }
}
