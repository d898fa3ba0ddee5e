package dev.convoy.driver.cluster;

import dev.convoy.data.batch.Normalization;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.OptimizerStates;
import dev.convoy.driver.averaging.Reduction;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.stock.StockNetwork;
import dev.convoy.driver.stock.StockRate;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.training.RoundTask;
import dev.convoy.worker.training.TrainedShard;
import dev.convoy.worker.training.WorkerSettings;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Trains with Deeplearning4j's ParameterAveragingTrainingMaster as its own examples use it: one
 * {@code fit} an epoch, on the batches that Convoy's workers would train. Driver only.
 *
 * <p>Deeplearning4j deals batches to averagings at random, trains no more than the averaging
 * frequency of them on a worker in each, and forgets the rest; it gives every worker the same
 * weight. In each averaging its workers count iterations from 0, and with them learning rates and
 * Adam's bias correction; here rates count from the epoch's first step on.
 */
final class StockTraining implements RoundRoute {
  /** What networks and batches travel with. */
  static final String KRYO_REGISTRATOR = "org.nd4j.kryo.Nd4jRegistrator";

  private static final float[] NOWHERE = {};

  private final SparkCluster cluster;
  private final RunConfiguration configuration;
  private final WorkerSettings settings;
  private final Normalization normalization;
  private final StockCounts counts;

  /**
   * Before the first epoch.
   *
   * @throws ConfigurationException if the cluster was started for something else
   */
  StockTraining(
      SparkCluster cluster,
      RunConfiguration configuration,
      WorkerSettings settings,
      Normalization normalization) {
    String registrators = cluster.context().getConf().get("spark.kryo.registrator", "");
    if (!registrators.contains(KRYO_REGISTRATOR)) {
      throw new ConfigurationException(
          "averaging.strategy = %s: expected Spark to have been started for it, found it started"
              + " for something else: a search over strategies has none of Deeplearning4j's",
          configuration.training().averaging().rule().name());
    }
    this.cluster = cluster;
    this.configuration = configuration;
    this.settings = settings;
    this.normalization = normalization;
    this.counts = new StockCounts(cluster.context().sc(), settings.batches().threads());
  }

  /** Trains an epoch, at whose beginning the round is. */
  @Override
  public RoundResult train(RoundWork work, AveragedModel before) {
    SparkComputationGraph network = network(work.position(), before.inMemory());
    counts.reset();
    JavaRDD<MultiDataSet> batches =
        work.images()
            .elements(
                new StockBatches(
                    settings,
                    normalization.mean(),
                    normalization.deviation(),
                    work.targets().map(SoftTargets::loader).orElse(null),
                    work.position().epoch()));
    ExecutorState.tellOwners(cluster.context().sc());
    try {
      network.fitMultiDataSet(batches);
    } catch (Exception e) { // Spark's, which is checked, comes unannounced from Scala
      throw Jobs.translate(e);
    } finally {
      Jobs.free(batches); // Deeplearning4j has Spark keep them, and does not free them
    }
    return result(network.getNetwork());
  }

  private SparkComputationGraph network(RoundTask position, ModelState before) {
    RunConfiguration.Training training = configuration.training();
    int size = training.batchSize();
    StockRate rate =
        new StockRate(
            settings.optimizer().learningRate() * position.rateShare(),
            settings.optimizer().schedule(),
            position.firstStep(),
            position.stepsPerEpoch(),
            training.epochs());
    return new SparkComputationGraph(
        cluster.context(),
        StockNetwork.of(settings, rate, before.parameters(), before.optimizer()),
        new ParameterAveragingTrainingMaster.Builder(training.workers(), size)
            .batchSizePerWorker(size)
            .averagingFrequency(training.averagingFrequency())
            .saveUpdater(training.averaging().optimizerStates() == OptimizerStates.AVERAGE)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .rngSeed(KeyedRandom.key(configuration.seed(), Purpose.PERMUTATION, position.epoch()))
            .trainingHooks(counts)
            .build());
  }

  private RoundResult result(ComputationGraph trained) {
    float[] state =
        configuration.training().averaging().optimizerStates() == OptimizerStates.AVERAGE
            ? StockNetwork.state(trained)
            : NOWHERE;
    ModelState after =
        new ModelState(HostVector.copy(trained.params()), state, Collections.emptySortedMap());
    Reduction reduction =
        new Reduction() {
          @Override
          public void add(TrainedShard result) {
            // There is but one.
          }

          @Override
          public AveragedModel end() {
            return after;
          }
        };
    try (RoundResult result = new RoundResult(reduction, List.of(0), Jobs.scratch())) {
      result.add(
          new TrainedShard(
              0,
              counts.examples(),
              0,
              counts.lossSum(),
              counts.nanos() / configuration.training().workers(),
              0,
              NOWHERE,
              NOWHERE,
              NOWHERE));
      return result;
    }
  }

  @Override
  public void close() {
    // Deeplearning4j keeps nothing from one epoch to the next.
  }
}
