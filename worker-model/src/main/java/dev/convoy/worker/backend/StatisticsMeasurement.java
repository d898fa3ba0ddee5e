package dev.convoy.worker.backend;

import dev.convoy.data.batch.Images;

/**
 * The running means and variances of a network's batch normalisation, measured anew: means over
 * batches of what a batch in training is normalised by, which depends on the other parameters
 * alone. A network whose weights were averaged needs that (Izmailov et al. 2018, "Averaging weights
 * leads to wider optima and better generalization").
 */
public interface StatisticsMeasurement {
  /** Takes a batch in, weighted by its size. */
  void add(Images images, int size, long dropoutKey);

  /** Leaves the means in the network's parameters. */
  void assign();
}
