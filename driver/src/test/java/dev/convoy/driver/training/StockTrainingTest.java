package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.EpochPlan;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.stock.StockNetwork;
import dev.convoy.driver.stock.StockRate;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.WorkerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j's own training master in the place of Convoy's workers. */
class StockTrainingTest {
  private static final String NAME = "dl4j-parameter-averaging";
  private static final String STRATEGY = "averaging.strategy=" + NAME;

  /** Both sides compute alike; what they add up is grouped in another way. */
  private static final float TOLERANCE = 1e-5f;

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared, STRATEGY), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** All batches of an epoch in one averaging, so that none is dealt at random or left out. */
  @ParameterizedTest
  @CsvSource({"1, nesterov", "1, sgd", "2, nesterov", "2, adamw"})
  void workersEndWherePlainFitsEnd(int workers, String rule) throws IOException {
    RunConfiguration configuration =
        small(
            "run",
            "data.validation=null",
            "training.early-stopping=off",
            "data.synthetic={train-examples=64, test-examples=20, classes=3}",
            "model.dropout=0",
            "augment=[]",
            "training={epochs=2, workers=" + workers + ", averaging-frequency=" + 8 / workers + "}",
            "optimizer={name=" + rule + ", l2=0.01, weight-decay=0.01, schedule=cosine}");
    float[] expected = byPlainFits(configuration);

    TrainingOutcome outcome = train(configuration, Progress.none());

    assertThat(outcome.status()).isEqualTo(Status.COMPLETED);
    assertThat(outcome.summary().at("/examples/seen").asLong()).isEqualTo(2 * 64L);
    float[] found = saved();
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).as("parameter %d", i).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  /** Deeplearning4j without Spark: a worker after the other, and the mean of where they end. */
  private static float[] byPlainFits(RunConfiguration configuration) throws IOException {
    RunConfiguration.Training training = configuration.training();
    WorkerSettings settings = Workers.settings(configuration, 3, 1);
    List<Shard> shards = shards(configuration);
    Normalization normalization =
        Normalization.of(ShardStatistics.merge(shards.stream().map(Shard::statistics).toList()));
    int steps = shards.get(0).size() / training.batchSize();
    EpochPlan plan = new EpochPlan(configuration.seed(), 1, training.batchSize(), steps);
    float[] parameters = LocalTrainer.initialParameters(settings);
    float[] state = {};
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      StockRate rate =
          new StockRate(
              settings.optimizer().learningRate(),
              settings.optimizer().schedule(),
              (long) epoch * steps,
              steps,
              training.epochs());
      List<ComputationGraph> networks = new ArrayList<>();
      for (int index = 0; index < shards.size(); index++) {
        Shard shard = shards.get(index);
        ComputationGraph network = StockNetwork.of(settings, rate, parameters, state);
        int[] order = plan.permutation(epoch, index, shard.size());
        try (BatchPipeline batches =
            new BatchPipeline(shard, order, 0, shard.size(), training.batchSize())) {
          for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
            network.fit(dataSet(batch, normalization));
          }
        }
        networks.add(network);
      }
      parameters = mean(networks, network -> HostVector.copy(network.params()));
      state = mean(networks, StockNetwork::state);
    }
    shards.forEach(Shard::close);
    return parameters;
  }

  private static float[] mean(
      List<ComputationGraph> networks, Function<ComputationGraph, float[]> vector) {
    double[] sum = new double[vector.apply(networks.get(0)).length];
    for (ComputationGraph network : networks) {
      float[] values = vector.apply(network);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i];
      }
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / networks.size());
    }
    return mean;
  }

  private static List<Shard> shards(RunConfiguration configuration) throws IOException {
    ImageSource source =
        ImageSources.open(
            ImageLocations.settings(configuration.data(), Role.TRAIN, ""),
            new Configuration(false));
    Listing[] parts =
        DataSplit.shuffled(
            source.list().listing(),
            configuration.training().workers(),
            configuration.data().seed());
    List<Shard> shards = new ArrayList<>();
    for (Listing part : parts) {
      shards.add(
          ShardPacker.pack(
              part,
              3,
              configuration.data().store(),
              source,
              new MemoryBudget(1 << 20),
              Path.of("never-spilled")));
    }
    return shards;
  }

  private static DataSet dataSet(Batch batch, Normalization normalization) {
    float[] values = new float[batch.size() * 12 * 12];
    batch.images(normalization).write(0, batch.size(), FloatBuffer.wrap(values));
    INDArray classes = Nd4j.zeros(batch.size(), 3);
    for (int i = 0; i < batch.size(); i++) {
      classes.putScalar(i, batch.labels()[i], 1);
    }
    return new DataSet(Nd4j.create(values, new long[] {batch.size(), 1, 12, 12}, 'c'), classes);
  }

  @Test
  void itLearnsAndLeavesTheFilesOfARunButNoCheckpoint() throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    RunConfiguration configuration =
        small(
            "run",
            "data.synthetic={train-examples=600, test-examples=200, classes=4, noise=0.02}",
            "model={name=mlp, hidden=[48], dropout=0, filters=null}",
            "augment=[]",
            "optimizer.learning-rate=0.03",
            "training={batch-size=16, averaging-frequency=5, epochs=5}");

    TrainingOutcome outcome =
        train(
            configuration,
            new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false));

    assertThat(outcome.summary().at("/test/accuracy").asDouble()).isGreaterThan(0.5);
    assertThat(outcome.summary().at("/examples/seen").asLong()).isBetween(1L, 5 * 540L);
    assertThat(outcome.evaluations()).hasSize(5);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("cannot resume", "does not count exactly", "does not repeat bit for bit");
    try (Stream<Path> files = Files.list(temporary.resolve("run"))) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(f -> !f.startsWith(".")))
          .contains(
              "config.conf",
              "labels.txt",
              "metrics.jsonl",
              "model.zip",
              "report.html",
              "summary.json")
          .doesNotContain("checkpoints");
    }
  }

  @Test
  void whatItCannotDoIsRefusedAllAtOnce() {
    assertThatThrownBy(
            () ->
                small(
                    "run",
                    "optimizer={name=lion, clip-norm=1, max-norm=2, l1-proximal=0.1}",
                    "loss=focal",
                    "averaging.moving-average.decay=0.9",
                    "averaging.route=executors",
                    "training.early-stopping.every=3 rounds",
                    "training.reduce-on-plateau.factor=0.5"))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            refused ->
                assertThat(refused.problems())
                    .hasSize(9)
                    .allMatch(problem -> problem.contains("for averaging.strategy = " + NAME))
                    .anyMatch(
                        problem ->
                            problem.startsWith(
                                "optimizer.name = lion: expected one of adagrad, adam, adamw,"
                                    + " amsgrad, nadam, nesterov, rmsprop, sgd for"))
                    .anyMatch(
                        problem ->
                            problem.startsWith(
                                "loss.name = focal: expected a loss that Deeplearning4j has")));
  }

  @Test
  void aNetworkOfLayersThatDeeplearning4jLacksIsRefused() {
    assertThatThrownBy(
            () ->
                small(
                    "run",
                    "model={name=resnet-20, width=2, normalization=group, filters=null, hidden=null, dropout=null}"))
        .hasMessageContaining("a network of layers that Deeplearning4j has, without GroupNorm");
  }

  @Test
  void aClusterThatWasStartedForAnotherStrategyIsRefused() {
    RunConfiguration configuration = small("run");
    cluster.close();
    try {
      cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
      assertThatThrownBy(() -> train(configuration, Progress.none()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("expected Spark to have been started for it");
    } finally {
      cluster.close();
      start();
    }
  }

  private RunConfiguration small(String name, String... overrides) {
    return Experiments.small(
        temporary.resolve(name),
        Stream.concat(Stream.of(STRATEGY), Stream.of(overrides)).toArray(String[]::new));
  }

  private float[] saved() throws IOException {
    byte[] file = Files.readAllBytes(temporary.resolve("run/model.zip"));
    return HostVector.copy(ModelArchive.read(file, "model.zip").network().params());
  }

  private static TrainingOutcome train(RunConfiguration configuration, Progress progress) {
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      return TrainingRun.run(cluster, configuration, directory, progress);
    }
  }
}
