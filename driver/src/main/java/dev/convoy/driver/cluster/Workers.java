package dev.convoy.driver.cluster;

import dev.convoy.data.batch.Normalization;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.training.EvaluationSums;
import dev.convoy.worker.training.InitializedParameters;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.TrainedShard;
import dev.convoy.worker.training.WorkerSettings;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The executors as a run sees them: they train rounds, evaluate and measure. Driver only.
 *
 * <p>Every call frees what it has broadcast before it returns.
 */
public final class Workers implements AutoCloseable {
  private final SparkCluster cluster;
  private final RunConfiguration configuration;
  private final Replicas replicas;

  /**
   * Workers for one run.
   *
   * @param classes how many there are
   * @param threads of each worker
   */
  public Workers(
      SparkCluster cluster,
      RunConfiguration configuration,
      Normalization normalization,
      int classes,
      int threads) {
    this.cluster = cluster;
    this.configuration = configuration;
    this.replicas =
        new Replicas(
            Owners.add(),
            settings(configuration, classes, threads),
            cluster.instructionSet(configuration),
            normalization.mean(),
            normalization.deviation());
  }

  /**
   * The rounds that they train.
   *
   * @param averaging how their results become one
   * @param sizes of a worker's result; the same in every round
   */
  public Rounds rounds(Averaging averaging, VectorSizes sizes) {
    return new Rounds(cluster, configuration, replicas, averaging, sizes);
  }

  /** What every worker is told, from the configuration. */
  public static WorkerSettings settings(RunConfiguration configuration, int classes, int threads) {
    return new WorkerSettings(
        configuration.seed(),
        configuration.model(),
        configuration.loss(),
        InputShape.of(configuration.data().shape(), classes),
        configuration.optimizer(),
        configuration.augmentations(),
        new WorkerSettings.Batches(
            configuration.training().batchSize(),
            configuration.training().epochs(),
            threads,
            configuration.training().repeats()),
        configuration.accelerator(),
        configuration.training().dataInitialization());
  }

  /** The images that are seen in a step are one array, and so are their outputs. */
  static void requireBatchesInArrays(RunConfiguration configuration, int classes, int[] sizes) {
    int batch =
        Math.min(configuration.training().batchSize(), Arrays.stream(sizes).max().orElse(0));
    int seen = configuration.optimizer().regularization().imagesSeen(1);
    int most = Integer.MAX_VALUE / configuration.data().shape().size() / seen;
    if (batch > most) {
      throw new ConfigurationException(
          "training.batch-size: expected at most %d images of %s, which are as many values as an"
              + " array holds, found %d",
          most, configuration.data().shape(), configuration.training().batchSize());
    }
    int mostTargets = Integer.MAX_VALUE / classes / seen;
    if (batch > mostTargets) {
      throw new ConfigurationException(
          "training.batch-size: expected at most %d images of %d classes, whose targets are as many"
              + " values as an array holds, found %d",
          mostTargets, classes, configuration.training().batchSize());
    }
  }

  /**
   * Measures the running statistics of batch normalisation anew, for parameters that were not
   * trained: the mean over all batches, weighted by their sizes.
   *
   * @param images training images
   * @return the parameters with these statistics
   */
  public float[] measureStatistics(ImageView images, float[] parameters) {
    int[] sizes = images.sizes();
    requireBatchesInArrays(configuration, replicas.settings().input().classes(), sizes);
    List<Integer> shards = images.shards(shard -> sizes[shard] > 0);
    Replicas mine = replicas;
    return cluster.broadcasting(
        parameters,
        values -> {
          try (RoundResult result =
              Averaging.mean()
                  .begin(
                      ModelState.first(parameters),
                      new RoundPlace(0, 1, shards.size()),
                      shards,
                      Jobs.scratch())) {
            images.run(
                shards,
                TrainedShard.class,
                (shard, examples) ->
                    mine.compute(
                        replica ->
                            replica.measureStatistics(
                                shard, examples, mine.normalization(), values.value())),
                (shard, measured) -> result.add(measured));
            return result.model().parameters();
          }
        });
  }

  /**
   * Initialises the network on the first batch of the first shard that has one.
   *
   * @param images training images
   * @param parameters as they were drawn or given, flat; not changed
   * @param kept names of layers that stay as they are
   */
  public InitializedParameters initializeOnData(
      ImageView images, float[] parameters, List<String> kept) {
    int[] sizes = images.sizes();
    requireBatchesInArrays(configuration, replicas.settings().input().classes(), sizes);
    int first = images.shards(shard -> sizes[shard] > 0).get(0);
    Replicas mine = replicas;
    String[] stay = kept.toArray(String[]::new);
    return cluster.broadcasting(
        parameters,
        values ->
            images.runOne(
                first,
                InitializedParameters.class,
                (shard, examples) ->
                    mine.compute(
                        replica ->
                            replica.initializeOnData(
                                shard,
                                examples,
                                mine.normalization(),
                                values.value(),
                                List.of(stay)))));
  }

  /** Evaluates parameters on all shards; sums are taken in shard order. */
  public EvaluationSums evaluate(ImageView images, float[] parameters) {
    Replicas mine = replicas;
    return cluster.broadcasting(
        parameters,
        values ->
            images.evaluate(
                (shard, examples) ->
                    mine.compute(
                        replica ->
                            replica.evaluate(examples, mine.normalization(), values.value()))));
  }

  /**
   * One line for a person: who computes the network on an executor, which is asked.
   *
   * @throws NetworkException if nobody can
   */
  public String description() {
    Replicas mine = replicas;
    AtomicReference<String> said = new AtomicReference<>();
    Jobs.run(
        cluster.numbers(1).map(any -> mine.compute(LocalTrainer::description)),
        String.class,
        (any, line) -> said.set(line));
    return said.get();
  }

  /** How many workers find room at once. */
  public int atOnce() {
    return cluster.slots();
  }

  /** Frees the replicas. */
  @Override
  public void close() {
    Jobs.release(cluster, replicas.owner());
  }
}
