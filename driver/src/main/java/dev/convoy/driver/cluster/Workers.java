package dev.convoy.driver.cluster;

import dev.convoy.data.DataException;
import dev.convoy.data.batch.EpochPlan;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.Reduction;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.averaging.SteppedReduction;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.exchange.BroadcastStart;
import dev.convoy.driver.exchange.LostSliceException;
import dev.convoy.driver.exchange.RoundStart;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.accelerator.GpuRequiredException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.natives.InstructionSet;
import dev.convoy.worker.natives.NativeLibrariesException;
import dev.convoy.worker.training.EvaluationSums;
import dev.convoy.worker.training.InitializedParameters;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.RoundTask;
import dev.convoy.worker.training.TrainedShard;
import dev.convoy.worker.training.WorkerSettings;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.TaskKilledException;

/**
 * The executors as the training loop sees them: they train a round, or evaluate. Driver only.
 *
 * <p>Every call frees what it has broadcast before it returns.
 */
public final class Workers implements AutoCloseable {
  private final SparkCluster cluster;
  private final RunConfiguration configuration;
  private final ReplicaFactory factory;
  private final Optional<StockTraining> stock;
  private ExecutorRounds onExecutors;

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
    this.factory =
        new ReplicaFactory(
            Owners.add(),
            settings(configuration, classes, threads),
            cluster.instructionSet(configuration),
            normalization.mean(),
            normalization.deviation());
    this.stock =
        configuration.training().averaging().isStock()
            ? Optional.of(
                new StockTraining(cluster, configuration, factory.settings(), normalization))
            : Optional.empty();
  }

  /** What every worker is told, from the configuration. */
  public static WorkerSettings settings(RunConfiguration configuration, int classes, int threads) {
    return new WorkerSettings(
        configuration.seed(),
        configuration.model(),
        configuration.loss(),
        new InputShape(
            configuration.data().shape().height(),
            configuration.data().shape().width(),
            configuration.data().shape().channels(),
            classes),
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

  /** The images of a batch are one array. */
  static void requireBatchesInArrays(RunConfiguration configuration, int[] sizes) {
    int batch =
        Math.min(configuration.training().batchSize(), Arrays.stream(sizes).max().orElse(0));
    int most = Integer.MAX_VALUE / configuration.data().shape().size();
    if (batch > most) {
      throw new ConfigurationException(
          "training.batch-size: expected at most %d images of %s, which are as many values as an"
              + " array holds, found %d",
          most, configuration.data().shape(), configuration.training().batchSize());
    }
  }

  /**
   * Trains one round on every shard that has examples left.
   *
   * @param targets of the images; empty for their labels
   * @param plan how epochs are cut
   * @param position which round; its shard is not read
   * @param averaging how the workers' results become one
   * @param place which round of the run it is
   * @param sizes of a worker's result; the same in every round
   * @param before what the round begins with
   * @throws ConfigurationException if a batch has more values than an array
   * @throws LostSliceException if that is on no executor any more
   */
  public RoundResult train(
      ImageView images,
      Optional<SoftTargets> targets,
      EpochPlan plan,
      RoundTask position,
      Averaging averaging,
      RoundPlace place,
      VectorSizes sizes,
      AveragedModel before) {
    int[] examples = images.sizes();
    requireBatchesInArrays(configuration, examples);
    if (stock.isPresent()) {
      return stock.get().train(images, targets, position, (ModelState) before);
    }
    List<Integer> shards =
        images.shards(
            shard ->
                plan.from(position.round(), examples[shard])
                    < plan.to(position.round(), examples[shard]));
    ShardTraining training =
        training(
            factory,
            targets.map(SoftTargets::loader).orElse(null),
            position,
            averaging.averagesGradients());
    GradientStep step = step(factory, position);
    return exchange(images, shards, training, step, averaging, place, sizes, before);
  }

  /** Brings to workers what a round begins with, and makes one model of what they come to. */
  RoundResult exchange(
      ImageView images,
      List<Integer> shards,
      ShardTraining training,
      GradientStep step,
      Averaging averaging,
      RoundPlace place,
      VectorSizes sizes,
      AveragedModel before) {
    RunConfiguration.Averaging settings = configuration.training().averaging();
    if (!averaging.needsExecutors() && !settings.route().isOnExecutors(sizes.bytes())) {
      return onDriver(images, shards, training, step, averaging, place, (ModelState) before);
    }
    if (onExecutors == null) {
      onExecutors = new ExecutorRounds(cluster, averaging, sizes);
    }
    return onExecutors.train(images, shards, training, step, place, before);
  }

  private RoundResult onDriver(
      ImageView images,
      List<Integer> shards,
      ShardTraining training,
      GradientStep step,
      Averaging averaging,
      RoundPlace place,
      ModelState before) {
    try (BroadcastStart start =
        BroadcastStart.of(cluster.context(), before, averaging.rule(), false)) {
      Reduction averages = averaging.onDriver(before, place);
      Reduction reduction =
          averaging.averagesGradients()
              ? new SteppedReduction(
                  averages, mean -> stepped(images, shards.get(0), step, start, mean.parameters()))
              : averages;
      return onDriver(images, shards, training, start, reduction);
    }
  }

  private static RoundResult onDriver(
      ImageView images,
      List<Integer> shards,
      ShardTraining training,
      RoundStart begun,
      Reduction reduction) {
    try (RoundResult result = new RoundResult(reduction, shards, Jobs.scratch())) {
      images.run(
          shards,
          WorkerReport.class,
          (shard, examples) -> {
            TaskMeter meter = new TaskMeter();
            float[] parameters = begun.parameters();
            float[] optimizerState = begun.optimizerState();
            meter.hasStart();
            TrainedShard trained = training.train(shard, examples, parameters, optimizerState);
            meter.hasTrained();
            return new WorkerReport(trained, meter.cost());
          },
          (shard, report) -> {
            result.costs().worker(report.cost());
            result.add(report.trained());
          });
      result.model();
      return result;
    }
  }

  /** Takes a step with the mean gradient on the executor of a shard. */
  private SteppedReduction.Stepped stepped(
      ImageView images, int shard, GradientStep step, RoundStart begun, float[] mean) {
    return cluster.broadcasting(
        mean,
        gradient -> {
          AtomicReference<TrainedShard> stepped = new AtomicReference<>();
          images.run(
              List.of(shard),
              TrainedShard.class,
              (any, examples) ->
                  step.step(begun.parameters(), begun.optimizerState(), gradient.value()),
              (any, done) -> stepped.set(done));
          TrainedShard done = stepped.get();
          return new SteppedReduction.Stepped(
              new ModelState(
                  done.parameters(), done.optimizerState(), Collections.emptySortedMap()),
              done.groupNorms());
        });
  }

  private static ShardTraining training(
      ReplicaFactory replicas,
      SoftTargets.Loader teacher,
      RoundTask position,
      boolean onlyGradients) {
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

  private static GradientStep step(ReplicaFactory replicas, RoundTask position) {
    return (parameters, optimizerState, gradient) ->
        replicas.compute(replica -> replica.step(position, parameters, optimizerState, gradient));
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
    requireBatchesInArrays(configuration, sizes);
    List<Integer> shards = images.shards(shard -> sizes[shard] > 0);
    ReplicaFactory replicas = factory;
    return cluster.broadcasting(
        parameters,
        values -> {
          try (RoundResult result =
              Averaging.mean()
                  .begin(
                      ModelState.first(parameters), new RoundPlace(0, 1), shards, Jobs.scratch())) {
            images.run(
                shards,
                TrainedShard.class,
                (shard, examples) ->
                    replicas.compute(
                        replica ->
                            replica.measureStatistics(
                                shard, examples, replicas.normalization(), values.value())),
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
    requireBatchesInArrays(configuration, sizes);
    List<Integer> first = images.shards(shard -> sizes[shard] > 0).subList(0, 1);
    ReplicaFactory replicas = factory;
    String[] stay = kept.toArray(String[]::new);
    return cluster.broadcasting(
        parameters,
        values -> {
          AtomicReference<InitializedParameters> result = new AtomicReference<>();
          images.run(
              first,
              InitializedParameters.class,
              (shard, examples) ->
                  replicas.compute(
                      replica ->
                          replica.initializeOnData(
                              shard,
                              examples,
                              replicas.normalization(),
                              values.value(),
                              List.of(stay))),
              (shard, initialized) -> result.set(initialized));
          return result.get();
        });
  }

  /** Evaluates parameters on all shards; sums are taken in shard order. */
  public EvaluationSums evaluate(ImageView images, float[] parameters) {
    ReplicaFactory replicas = factory;
    return cluster.broadcasting(
        parameters,
        values ->
            images.evaluate(
                (shard, examples) ->
                    replicas.compute(
                        replica ->
                            replica.evaluate(examples, replicas.normalization(), values.value()))));
  }

  /**
   * One line for a person: who computes the network on an executor, which is asked.
   *
   * @throws NetworkException if nobody can
   */
  public String description() {
    ReplicaFactory replicas = factory;
    AtomicReference<String> said = new AtomicReference<>();
    Jobs.run(
        cluster
            .context()
            .parallelize(List.of(0), 1)
            .map(any -> replicas.compute(LocalTrainer::description)),
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
    Jobs.release(cluster, factory.owner());
    if (onExecutors != null) {
      onExecutors.close();
    }
  }

  /** Makes replicas on executors. */
  private record ReplicaFactory(
      long owner,
      WorkerSettings settings,
      InstructionSet instructionSet,
      float[] mean,
      float[] deviation)
      implements Serializable {

    /** Does work with a replica on this executor. */
    <T> T compute(ReplicaPool.Work<LocalTrainer, T> work) throws Exception {
      return Workers.compute(
          () -> GpuLeases.here().with(settings.accelerator(), device -> compute(device, work)));
    }

    private <T> T compute(Accelerator.Settings device, ReplicaPool.Work<LocalTrainer, T> work)
        throws Exception {
      return ExecutorState.get()
          .replicas()
          .with(new ReplicaPool.Key(owner, device.gpu().address()), () -> create(device), work);
    }

    private LocalTrainer create(Accelerator.Settings device) {
      ExecutorInstructions.require(instructionSet);
      return LocalTrainer.undrawn(settings.with(device));
    }

    Normalization normalization() {
      return Normalization.of(mean, deviation);
    }
  }

  /**
   * Does the work of a network. One that is too large must not take the executor, and every other
   * run on it, down: Spark ends the JVM for an error, and not for an exception.
   *
   * @throws NetworkException if the network is to blame
   */
  static <T> T compute(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (OutOfMemoryError e) {
      throw new NetworkException(
          "Cannot compute the network: an executor is out of memory: " + e.getMessage(), e);
    } catch (GpuRequiredException e) {
      throw new NetworkException(e.getMessage(), e);
    } catch (DataException
        | UncheckedIOException
        | CancellationException
        | TaskKilledException
        | NativeLibrariesException
        | NetworkException
        | LostSliceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new NetworkException("Cannot compute the network: " + e, e);
    }
  }
}
