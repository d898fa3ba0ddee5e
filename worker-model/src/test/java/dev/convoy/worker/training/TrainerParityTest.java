package dev.convoy.worker.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.EpochPlan;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.Shard;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.schedule.LearningRate;
import dev.convoy.worker.schedule.Schedules;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** One worker is plain Deeplearning4j: a round of all batches against {@code fit} on each. */
class TrainerParityTest {
  private static final long SEED = 11;
  private static final int BATCH = 8;
  private static final double RATE = 0.02;
  private static final double MOMENTUM = 0.9;

  /**
   * As a share of the largest parameter. Accelerated layers sum in another order; 1e-7 and 5e-7
   * were seen, and a relu that this turns over may cost ten times as much. The steps themselves
   * move the parameters a thousand times as far.
   */
  private static final double ACCELERATED_ROUNDING = 2e-5;

  /**
   * As a share of the largest parameter. Deeplearning4j penalises with OpenBLAS's axpy, which
   * rounds a product before it is added, or does not, by where in its vector loop an element falls.
   * 2e-6 was seen, with adam, which makes a whole step of the smallest gradient.
   */
  private static final double FUSED_ROUNDING = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "lenet-5, sgd",
    "lenet-5, nesterov",
    "lenet-5, adam",
    "resnet-20, nesterov",
    "resnet-20, adam"
  })
  void aRoundEndsWithThePlainBits(String model, String rule) {
    try (Case example = Case.of(model, rule)) {
      ComputationGraph plain = example.plainNetwork(plainUpdater(rule));
      example.fit(plain);

      TrainedShard trained = example.train(Accelerator.Settings.none());

      assertThat(trained.parameters()).isEqualTo(plain.params().toFloatVector());
      assertThat(trained.examples()).isEqualTo(example.shard().size());
    }
  }

  @ParameterizedTest
  @CsvSource({"lenet-5, nesterov", "resnet-20, nesterov"})
  void anAcceleratedRoundEndsCloseToPlainParameters(String model, String rule) {
    try (Case example = Case.of(model, rule)) {
      ComputationGraph plain = example.plainNetwork(plainUpdater(rule));
      INDArray before = plain.params().dup();
      example.fit(plain);

      INDArray trained =
          Nd4j.createFromArray(example.train(Accelerator.Settings.all()).parameters());

      double scale = plain.params().amaxNumber().doubleValue();
      assertThat(largestDifference(plain.params(), trained) / scale)
          .isLessThan(ACCELERATED_ROUNDING);
      assertThat(largestDifference(plain.params(), before) / scale)
          .isGreaterThan(100 * ACCELERATED_ROUNDING);
    }
  }

  @Test
  void theSumOfLossesIsThatOfPlainScores() {
    try (Case example = Case.of("lenet-5", "nesterov")) {
      ComputationGraph plain = example.plainNetwork(new Nesterovs(RATE, MOMENTUM));
      double lossSum = example.fit(plain);
      assertThat(example.train(Accelerator.Settings.none()).lossSum()).isEqualTo(lossSum);
    }
  }

  @Test
  void l2IsThatOfPlainDeeplearning4j() {
    double l2 = 0.01;
    try (Case example = Case.of("resnet-20", "sgd", new Regularization(0, l2, 0, 0, 0))) {
      ComputationGraph plain =
          example.plainNetwork(
              new Sgd(RATE), layer -> layer.setRegularization(List.of(new L2Regularization(l2))));
      assertPenalisedAlike(example, plain);
    }
  }

  @Test
  void weightDecayIsThatOfPlainDeeplearning4j() {
    double decay = 0.1;
    try (Case example = Case.of("lenet-5", "adam", new Regularization(0, 0, decay, 0, 0))) {
      ComputationGraph plain =
          example.plainNetwork(
              plainUpdater("adam"),
              layer -> layer.setRegularization(List.of(new WeightDecay(decay, true))));
      assertPenalisedAlike(example, plain);
    }
  }

  private static void assertPenalisedAlike(Case example, ComputationGraph plain) {
    INDArray before = plain.params().dup();
    example.fit(plain);
    INDArray trained =
        Nd4j.createFromArray(example.train(Accelerator.Settings.none()).parameters());
    double scale = plain.params().amaxNumber().doubleValue();
    assertThat(largestDifference(plain.params(), trained) / scale).isLessThan(FUSED_ROUNDING);
    assertThat(largestDifference(plain.params(), before) / scale)
        .isGreaterThan(100 * FUSED_ROUNDING);
  }

  @Test
  void theScheduleSetsTheRateOfEveryStep() {
    ComponentSettings cosine = new ComponentSettings("cosine", Map.of("warm-up", "0.5 epochs"));
    OptimizerSettings settings =
        PlainOptimizer.settings(
            ComponentSettings.defaults("nesterov"), RATE, Regularization.none(), cosine);
    try (Case example = Case.of("lenet-5", settings)) {
      int steps = example.steps();
      LearningRate rate = new LearningRate(RATE, Schedules.FAMILY.create(cosine), steps, 1);
      ComputationGraph plain = example.plainNetwork(new Nesterovs(RATE, MOMENTUM));
      int[] step = {0};
      example.forEachBatch(
          batch -> {
            plain.setLearningRate(rate.at(step[0]++));
            plain.fit(batch);
          });
      assertThat(step[0]).isEqualTo(steps);
      assertThat(example.train(Accelerator.Settings.none()).parameters())
          .isEqualTo(plain.params().toFloatVector());
    }
  }

  @Test
  void theStateOfARoundIsWhereTheNextGoesOn() {
    try (Case example = Case.of("lenet-5", "adam")) {
      WorkerSettings twoRounds = example.settings(Accelerator.Settings.none());
      LocalTrainer trainer = new LocalTrainer(twoRounds);
      TrainedShard first =
          trainer.train(
              WholeRound.task(0, 0, (example.steps() + 1) / 2, 0, 0, example.steps()),
              example.shard(),
              ShardTargets.labels(example.input().classes()),
              example.normalization(),
              trainer.parameters(),
              new float[0]);
      TrainedShard second =
          trainer.train(
              WholeRound.task(
                  0, 1, (example.steps() + 1) / 2, 0, (example.steps() + 1) / 2, example.steps()),
              example.shard(),
              ShardTargets.labels(example.input().classes()),
              example.normalization(),
              first.parameters(),
              first.optimizerState());
      TrainedShard atOnce = example.train(Accelerator.Settings.none());
      assertThat(second.parameters()).isEqualTo(atOnce.parameters());
      assertThat(second.optimizerState()).isEqualTo(atOnce.optimizerState());
      assertThat(first.lossSum() + second.lossSum())
          .isCloseTo(atOnce.lossSum(), within(1e-12 * atOnce.lossSum()));
      assertThat(first.fingerprint() + second.fingerprint()).isEqualTo(atOnce.fingerprint());
    }
  }

  private static IUpdater plainUpdater(String rule) {
    return switch (rule) {
      case "sgd" -> new Sgd(RATE);
      case "nesterov" -> new Nesterovs(RATE, MOMENTUM);
      case "adam" -> new Adam(RATE, 0.9, 0.999, 1e-8);
      default -> throw new IllegalArgumentException(rule);
    };
  }

  private static double largestDifference(INDArray one, INDArray other) {
    return one.reshape(one.length()).sub(other.reshape(other.length())).amaxNumber().doubleValue();
  }

  /** What a plain layer needs besides an updater. */
  private interface LayerChange {
    void on(BaseLayer layer);
  }

  /** What is done with every batch. */
  private interface BatchAction {
    void on(DataSet batch);
  }

  /** A model, a rule and a shard whose last batch is short. */
  private record Case(
      ComponentSettings model,
      InputShape input,
      OptimizerSettings optimizer,
      Shard shard,
      Normalization normalization)
      implements AutoCloseable {
    private static final List<ComponentSettings> AUGMENTATIONS =
        List.of(
            new ComponentSettings("random-crop", Map.of("padding", 2.0)),
            new ComponentSettings("horizontal-flip", Map.of()));

    static Case of(String model, String rule) {
      return of(model, rule, Regularization.none());
    }

    static Case of(String model, String rule, Regularization regularization) {
      return of(
          model,
          PlainOptimizer.settings(
              ComponentSettings.defaults(rule),
              RATE,
              regularization,
              ComponentSettings.defaults("constant")));
    }

    static Case of(String model, OptimizerSettings optimizer) {
      InputShape input = new InputShape(12, 12, 3, 4);
      ImageShape shape = new ImageShape(input.height(), input.width(), input.channels());
      int examples = model.startsWith("resnet") ? 3 * BATCH + 3 : 6 * BATCH + 3;
      Shard shard = new NoisyImages(examples, input.classes(), shape).shard();
      return new Case(
          ComponentSettings.defaults(model),
          input,
          optimizer,
          shard,
          Normalization.of(shard.statistics()));
    }

    int steps() {
      return (shard.size() + BATCH - 1) / BATCH;
    }

    WorkerSettings settings(Accelerator.Settings accelerator) {
      return new WorkerSettings(
          SEED,
          model,
          Losses.DEFAULT,
          input,
          optimizer,
          AUGMENTATIONS,
          new WorkerSettings.Batches(BATCH, 1, 1, 1),
          accelerator,
          DataInitializations.OFF);
    }

    TrainedShard train(Accelerator.Settings accelerator) {
      LocalTrainer trainer = new LocalTrainer(settings(accelerator));
      return trainer.train(
          WholeRound.task(0, 0, steps(), 0, 0, steps()),
          shard,
          ShardTargets.labels(input.classes()),
          normalization,
          trainer.parameters(),
          new float[0]);
    }

    ComputationGraph plainNetwork(IUpdater updater) {
      return plainNetwork(updater, layer -> {});
    }

    /** The same network and first parameters with a stock updater on every layer. */
    ComputationGraph plainNetwork(IUpdater updater, LayerChange change) {
      ComputationGraph first =
          Models.create(model, input, KeyedRandom.key(SEED, Purpose.INITIALIZATION));
      ComputationGraphConfiguration configuration = first.getConfiguration().clone();
      configuration.getVertices().values().stream()
          .filter(LayerVertex.class::isInstance)
          .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
          .filter(BaseLayer.class::isInstance)
          .map(BaseLayer.class::cast)
          .forEach(
              layer -> {
                layer.setIUpdater(updater.clone());
                change.on(layer);
              });
      ComputationGraph plain = new ComputationGraph(configuration);
      plain.init(first.params(), true);
      assertThat(plain.getOutputLayer(0)).isInstanceOf(IOutputLayer.class);
      return plain;
    }

    /** Fits every batch; returns the sum of the examples' losses. */
    double fit(ComputationGraph network) {
      double[] lossSum = {0};
      forEachBatch(
          batch -> {
            network.fit(batch);
            lossSum[0] += network.score() * batch.numExamples();
          });
      return lossSum[0];
    }

    void forEachBatch(BatchAction action) {
      int[] order = new EpochPlan(SEED, 1, BATCH, steps()).permutation(0, 0, shard.size());
      try (BatchPipeline batches =
          new BatchPipeline(
              shard,
              ShardTargets.labels(input.classes()),
              order,
              0,
              order.length,
              BATCH,
              Augmentations.of(AUGMENTATIONS),
              SEED,
              0)) {
        for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
          action.on(dataSet(batch));
        }
      }
    }

    private DataSet dataSet(Batch batch) {
      float[] values = new float[batch.size() * input.values()];
      batch.images(normalization).write(0, batch.size(), FloatBuffer.wrap(values));
      INDArray images =
          Nd4j.create(
              values,
              new long[] {batch.size(), input.channels(), input.height(), input.width()},
              'c');
      INDArray labels = Nd4j.zeros(batch.size(), input.classes());
      for (int i = 0; i < batch.size(); i++) {
        labels.putScalar(i, batch.labels()[i], 1);
      }
      return new DataSet(images, labels);
    }

    @Override
    public void close() {
      shard.close();
    }
  }
}
