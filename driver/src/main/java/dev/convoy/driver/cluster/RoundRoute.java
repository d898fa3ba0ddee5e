package dev.convoy.driver.cluster;

import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.configuration.RunConfiguration;

/** The way on which a round's beginning comes to workers, and their results become one. */
interface RoundRoute extends AutoCloseable {
  /**
   * The one that a configuration asks for, or that suits the sizes.
   *
   * @param averaging how the workers' results become one
   * @param sizes of a worker's result; the same in every round
   */
  static RoundRoute of(
      SparkCluster cluster,
      RunConfiguration configuration,
      Averaging averaging,
      VectorSizes sizes) {
    boolean onExecutors =
        averaging.needsExecutors()
            || configuration.training().averaging().route().isOnExecutors(sizes.bytes());
    return onExecutors
        ? new ExecutorRounds(cluster, averaging, sizes)
        : new DriverRounds(cluster, averaging);
  }

  /**
   * Trains one round and averages it.
   *
   * @param before what the round begins with; stays as it is
   * @throws dev.convoy.driver.exchange.LostSliceException if that is on no executor any more
   */
  RoundResult train(RoundWork work, AveragedModel before);

  @Override
  void close();
}
