package dev.convoy.driver.cluster;

import dev.convoy.worker.training.TrainedShard;

/**
 * What a task says that took a step with a mean gradient. A plain class, because it crosses the
 * wire.
 *
 * <p>Its arrays belong to the receiver.
 */
final class StepReport {
  private final TrainedShard stepped;
  private final boolean isFinite;

  StepReport(TrainedShard stepped, boolean isFinite) {
    this.stepped = stepped;
    this.isFinite = isFinite;
  }

  /** Parameters and state, unless they stay on the executor, and norms. */
  TrainedShard stepped() {
    return stepped;
  }

  /** Whether all parameters are numbers. */
  boolean isFinite() {
    return isFinite;
  }
}
