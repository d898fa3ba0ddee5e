package dev.convoy.driver.cluster;

import dev.convoy.data.batch.EpochPlan;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.exchange.LostSliceException;
import dev.convoy.worker.training.RoundTask;
import java.util.List;
import java.util.Optional;

/**
 * The rounds of one run: workers train, and what they come to is averaged. Driver only.
 *
 * <p>A round frees what it has broadcast before it returns.
 */
public final class Rounds implements AutoCloseable {
  private final RunConfiguration configuration;
  private final Replicas replicas;
  private final Averaging averaging;
  private final RoundRoute route;

  Rounds(
      SparkCluster cluster,
      RunConfiguration configuration,
      Replicas replicas,
      Averaging averaging,
      VectorSizes sizes) {
    this.configuration = configuration;
    this.replicas = replicas;
    this.averaging = averaging;
    this.route =
        configuration.training().averaging().isStock()
            ? new StockTraining(
                cluster, configuration, replicas.settings(), replicas.normalization())
            : RoundRoute.of(cluster, configuration, averaging, sizes);
  }

  /**
   * Trains one round on every shard that has examples left.
   *
   * @param targets of the images; empty for their labels
   * @param plan how epochs are cut
   * @param position which round; its shard is not read
   * @param place which round of the run it is
   * @param before what the round begins with; stays as it is
   * @throws ConfigurationException if a batch has more values than an array
   * @throws LostSliceException if that is on no executor any more
   */
  public RoundResult train(
      ImageView images,
      Optional<SoftTargets> targets,
      EpochPlan plan,
      RoundTask position,
      RoundPlace place,
      AveragedModel before) {
    int[] examples = images.sizes();
    Workers.requireBatchesInArrays(configuration, replicas.settings().input().classes(), examples);
    List<Integer> shards =
        images.shards(
            shard ->
                plan.from(position.round(), examples[shard])
                    < plan.to(position.round(), examples[shard]));
    ShardTraining training =
        training(
            replicas,
            targets.map(SoftTargets::loader).orElse(null),
            position,
            averaging.averagesGradients());
    return route.train(
        new RoundWork(images, targets, position, shards, training, step(replicas, position), place),
        before);
  }

  private static ShardTraining training(
      Replicas replicas, SoftTargets.Loader teacher, RoundTask position, boolean onlyGradients) {
    return (shard, examples, parameters, optimizerState) -> {
      RoundTask task = position.of(shard);
      ShardTargets wanted =
          teacher == null
              ? ShardTargets.of(examples, replicas.settings().input().classes())
              : teacher.load(shard, examples);
      return replicas.compute(
          replica ->
              onlyGradients
                  ? replica.gradient(task, examples, wanted, replicas.normalization(), parameters)
                  : replica.train(
                      task,
                      examples,
                      wanted,
                      replicas.normalization(),
                      parameters,
                      optimizerState));
    };
  }

  private static GradientStep step(Replicas replicas, RoundTask position) {
    return (parameters, optimizerState, gradient) ->
        replicas.compute(replica -> replica.step(position, parameters, optimizerState, gradient));
  }

  /** Frees what rounds have left on executors. */
  @Override
  public void close() {
    route.close();
  }
}
