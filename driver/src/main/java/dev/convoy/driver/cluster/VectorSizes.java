package dev.convoy.driver.cluster;

import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.Optimizer;
import dev.convoy.worker.optimizer.Optimizers;
import dev.convoy.worker.training.WorkerSettings;

/**
 * How many values a worker's result has.
 *
 * @param parameters of the network
 * @param optimizerState of its optimizer
 */
public record VectorSizes(long parameters, long optimizerState) {
  /**
   * The sizes of a run, known before the network is made; without the few values of the optimizer's
   * state that layers have which are unfrozen later.
   *
   * @throws IllegalArgumentException if the network cannot be made
   */
  static VectorSizes of(WorkerSettings settings) {
    long parameters = Models.parameterCount(settings.model(), settings.input());
    Optimizer optimizer = Optimizers.FAMILY.create(settings.optimizer().rule());
    return new VectorSizes(
        parameters, optimizer.arrays().size() * parameters + optimizer.scalars().size());
  }

  /** All of it. */
  long bytes() {
    return Math.multiplyExact(Math.addExact(parameters, optimizerState), Float.BYTES);
  }
}
