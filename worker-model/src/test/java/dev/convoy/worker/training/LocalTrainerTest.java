package dev.convoy.worker.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

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
import dev.convoy.data.shard.Examples;
import dev.convoy.data.shard.Shard;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.natives.InstructionSetLimit;
import dev.convoy.worker.optimizer.GradientClips;
import dev.convoy.worker.optimizer.GroupNorms;
import dev.convoy.worker.optimizer.LayerGroup;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.MaxNorm;
import dev.convoy.worker.optimizer.Noise;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Penalties;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.schedule.StepRates;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LocalTrainerTest {
  private static final InputShape INPUT = new InputShape(12, 12, 3, 4);
  private static final ShardTargets LABELS = ShardTargets.labels(INPUT.classes());
  private static final ImageShape SHAPE = new ImageShape(12, 12, 3);
  private static final int BATCH = 8;
  private static final int FREQUENCY = 3;
  private static final long SEED = 5;
  private static final NoisyImages IMAGES = new NoisyImages(61, INPUT.classes(), SHAPE);
  private static final Shard SHARD = IMAGES.shard();
  private static final Normalization NORMALIZATION = Normalization.of(SHARD.statistics());
  private static final RoundTask FIRST = WholeRound.task(0, 0, FREQUENCY, 0, 0, 8);
  private static final RoundTask OTHER = WholeRound.task(3, 1, FREQUENCY, 0, 27, 8);

  static Stream<ComponentSettings> models() {
    return Stream.of(
        new ComponentSettings(
            "lenet-5", Map.of("filters", List.of(4, 6), "hidden", List.of(16), "dropout", 0.5)),
        new ComponentSettings("resnet-20", Map.of("width", 4)),
        new ComponentSettings("resnet-20", Map.of("width", 4, "normalization", "group")));
  }

  @AfterAll
  static void close() {
    SHARD.close();
  }

  @ParameterizedTest
  @MethodSource("models")
  void theSameRoundGivesTheSameBitsWhateverTheReplicaDidBefore(ComponentSettings model) {
    LocalTrainer replica = new LocalTrainer(settings(model));
    float[] parameters = replica.parameters();
    TrainedShard once = train(replica, FIRST, parameters, new float[0]);
    TrainedShard other = train(replica, OTHER, once.parameters(), once.optimizerState());
    replica.evaluate(SHARD, NORMALIZATION, other.parameters());
    Nd4j.getRandom().setSeed(99); // what another task on the thread may have left
    TrainedShard again = train(replica, FIRST, parameters, new float[0]);
    assertSameBits(again, once);
    assertThat(other.parameters()).isNotEqualTo(once.parameters());
  }

  @ParameterizedTest
  @MethodSource("models")
  void replicasOnSeveralThreadsAtOnceGiveTheSameBits(ComponentSettings model) throws Exception {
    LocalTrainer replica = new LocalTrainer(settings(model));
    float[] parameters = replica.parameters();
    TrainedShard alone = train(replica, FIRST, parameters, new float[0]);
    int threads = 2;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<TrainedShard>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        tasks.add(
            () -> {
              LocalTrainer mine = new LocalTrainer(settings(model));
              start.await();
              return train(mine, FIRST, parameters, new float[0]);
            });
      }
      for (Future<TrainedShard> trained : pool.invokeAll(tasks)) {
        assertSameBits(trained.get(), alone);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aReplicaStartsFromTheParametersOfTheRunsSeed(ComponentSettings model) {
    float[] parameters = new LocalTrainer(settings(model)).parameters();
    assertThat(new LocalTrainer(settings(model)).parameters()).isEqualTo(parameters);
    assertThat(new LocalTrainer(settings(model, SEED + 1)).parameters()).isNotEqualTo(parameters);
    assertThat(new LocalTrainer(settings(model)).parameterCount()).isEqualTo(parameters.length);
  }

  @Test
  void whatIsDroppedDependsOnSeedEpochAndShard() {
    // Nothing to permute, nothing to augment: one example, the same parameters.
    ComponentSettings model = models().findFirst().orElseThrow();
    float[] parameters = new LocalTrainer(settings(model)).parameters();
    RoundTask task = WholeRound.task(0, 0, FREQUENCY, 0, 0, 1);
    try (Shard one = IMAGES.shard(7, 8)) {
      List<Double> losses =
          List.of(
              lossOfOne(one, SEED, task, parameters),
              lossOfOne(one, SEED + 1, task, parameters),
              lossOfOne(one, SEED, WholeRound.task(1, 0, FREQUENCY, 0, 0, 1), parameters),
              lossOfOne(one, SEED, WholeRound.task(0, 0, FREQUENCY, 1, 0, 1), parameters));
      assertThat(losses).doesNotHaveDuplicates();
      assertThat(lossOfOne(one, SEED, task, parameters)).isEqualTo(losses.get(0));
    }
  }

  @Test
  void noiseDependsOnSeedEpochAndShardAndNotOnTheReplica() {
    Regularization noisy =
        new Regularization(
            Penalties.NONE,
            GradientClips.NONE,
            new MaxNorm(0, LayerNames.ALL),
            new Noise(0.01, 0.55, 0.05));
    float[] parameters =
        new LocalTrainer(settings(ComponentSettings.defaults("linear"))).parameters();
    RoundTask task = WholeRound.task(0, 0, FREQUENCY, 0, 0, 1);
    try (Shard one = IMAGES.shard(7, 8)) {
      List<float[]> steps =
          List.of(
              stepOnOne(one, SEED, task, noisy, parameters),
              stepOnOne(one, SEED + 1, task, noisy, parameters),
              stepOnOne(one, SEED, WholeRound.task(1, 0, FREQUENCY, 0, 0, 1), noisy, parameters),
              stepOnOne(one, SEED, WholeRound.task(0, 0, FREQUENCY, 1, 0, 1), noisy, parameters),
              stepOnOne(one, SEED, WholeRound.task(0, 0, FREQUENCY, 0, 1, 1), noisy, parameters));
      assertThat(steps.stream().map(Arrays::toString)).doesNotHaveDuplicates();
      assertThat(stepOnOne(one, SEED, task, noisy, parameters)).isEqualTo(steps.get(0));
    }
  }

  private static float[] stepOnOne(
      Shard shard, long seed, RoundTask task, Regularization regularization, float[] parameters) {
    WorkerSettings plain = settings(ComponentSettings.defaults("linear"), seed, List.of());
    WorkerSettings settings =
        new WorkerSettings(
            seed,
            plain.model(),
            plain.loss(),
            plain.input(),
            PlainOptimizer.settings(
                plain.optimizer().rule(), 0.02, regularization, plain.optimizer().schedule()),
            List.of(),
            plain.batches(),
            plain.accelerator(),
            DataInitializations.OFF);
    return new LocalTrainer(settings)
        .train(task, shard, LABELS, NORMALIZATION, parameters, new float[0])
        .parameters();
  }

  private static double lossOfOne(Shard shard, long seed, RoundTask task, float[] parameters) {
    ComponentSettings model = models().findFirst().orElseThrow();
    return new LocalTrainer(settings(model, seed, List.of()))
        .train(task, shard, LABELS, NORMALIZATION, parameters, new float[0])
        .lossSum();
  }

  @Test
  void examplesAndTheirIdentitiesAreCounted() {
    LocalTrainer replica = new LocalTrainer(settings(ComponentSettings.defaults("linear")));
    int[] order = new EpochPlan(SEED, 1, BATCH, FREQUENCY).permutation(3, 0, SHARD.size());
    TrainedShard trained = train(replica, OTHER, replica.parameters(), new float[0]);
    assertThat(trained.shard()).isZero();
    assertThat(trained.examples()).isEqualTo(BATCH * FREQUENCY);
    assertThat(trained.fingerprint())
        .isEqualTo(
            IntStream.range(BATCH * FREQUENCY, 2 * BATCH * FREQUENCY)
                .mapToLong(i -> KeyedRandom.mix(SHARD.id(order[i]) + 1L))
                .sum());
    assertThat(trained.lossSum() / trained.examples()).isFinite().isPositive();
    assertThat(trained.computeNanos()).isPositive();
    assertThat(trained.waitedNanos()).isBetween(0L, trained.computeNanos());
  }

  @ParameterizedTest
  @MethodSource("models")
  void measuringTheLastStepOfARoundChangesNoBit(ComponentSettings model) {
    WorkerSettings settings = settings(model);
    LocalTrainer replica = new LocalTrainer(settings);
    float[] parameters = replica.parameters();
    TrainedShard trained = train(replica, OTHER, parameters, new float[0]);
    int[] order = new EpochPlan(SEED, 1, BATCH, FREQUENCY).permutation(3, 0, SHARD.size());
    try (Session session =
            Accelerator.open(
                Job.training(
                    Models.undrawn(model, Losses.DEFAULT, INPUT), INPUT, settings.optimizer(), 1),
                settings.accelerator());
        BatchPipeline batches =
            new BatchPipeline(
                SHARD,
                LABELS,
                order,
                BATCH * FREQUENCY,
                2 * BATCH * FREQUENCY,
                BATCH,
                Augmentations.of(settings.augmentations()),
                SEED,
                3)) {
      session.load(parameters, new float[0]);
      double[] ratios = new double[LayerGroup.values().length];
      for (int step = 0; step < FREQUENCY; step++) {
        Batch batch = batches.next();
        long key = KeyedRandom.key(SEED, Purpose.DROPOUT, 3, 0, OTHER.firstStep() + step);
        float[] before = session.parameters();
        session.train(batch.images(NORMALIZATION), batch.targets(), BATCH, key, StepRates.of(0.02));
        ratios = ratios(before, session.parameters(), replica.segments());
      }
      assertThat(trained.parameters()).isEqualTo(session.parameters());
      assertThat(trained.optimizerState()).isEqualTo(session.optimizerState());
      GroupNorms norms = new GroupNorms(trained.groupNorms());
      for (int i = 0; i < ratios.length; i++) {
        LayerGroup group = LayerGroup.values()[i];
        assertThat(norms.gradient(group)).isPositive().isFinite();
        assertThat(norms.updateRatio(group))
            .as("%s, up to the rounding of the difference of parameters", group)
            .isCloseTo(ratios[i], withinPercentage(0.1));
      }
    }
  }

  /** ‖Δw‖ / ‖w‖ by group, from the weights before and after. */
  private static double[] ratios(float[] before, float[] after, List<Segment> segments) {
    int groups = LayerGroup.values().length;
    double[] updates = new double[groups];
    double[] weights = new double[groups];
    int layers = 1 + segments.stream().mapToInt(Segment::depth).max().orElseThrow();
    for (Segment segment : segments) {
      int depth = segment.depth();
      int group = depth == layers - 1 ? 3 : depth == 0 ? 0 : depth - 1 < (layers - 2) / 2.0 ? 1 : 2;
      for (int i = 0; segment.kind() == Segment.Kind.WEIGHT && i < segment.length(); i++) {
        int at = (int) segment.offset() + i;
        updates[group] += Math.pow((double) after[at] - before[at], 2);
        weights[group] += (double) before[at] * before[at];
      }
    }
    return IntStream.range(0, groups)
        .mapToDouble(group -> Math.sqrt(updates[group] / weights[group]))
        .toArray();
  }

  @Test
  void theRoundsOfAllShardsTrainEveryExampleOnce() {
    int[] cuts = {0, 29, 30, 61};
    WorkerSettings settings = settings(ComponentSettings.defaults("linear"));
    LocalTrainer replica = new LocalTrainer(settings);
    EpochPlan plan = new EpochPlan(SEED, 1, BATCH, FREQUENCY);
    float[] parameters = replica.parameters();
    long examples = 0;
    long fingerprint = 0;
    for (int index = 0; index < cuts.length - 1; index++) {
      try (Shard shard = IMAGES.shard(cuts[index], cuts[index + 1])) {
        for (int round = 0; round < plan.rounds(31); round++) {
          TrainedShard trained =
              replica.train(
                  WholeRound.task(2, round, FREQUENCY, index, 0, 4),
                  shard,
                  LABELS,
                  NORMALIZATION,
                  parameters,
                  new float[0]);
          examples += trained.examples();
          fingerprint += trained.fingerprint();
        }
      }
    }
    assertThat(examples).isEqualTo(IMAGES.examples());
    assertThat(fingerprint)
        .isEqualTo(LongStream.rangeClosed(1, IMAGES.examples()).map(KeyedRandom::mix).sum());
  }

  /** As if the round had one batch. */
  @Test
  void afterItsTimeAWorkerBeginsOneBatchAtMost() {
    LocalTrainer replica = new LocalTrainer(settings(ComponentSettings.defaults("linear")));
    float[] parameters = replica.parameters();
    RoundTask late = new RoundTask(0, 0, FREQUENCY, 0, 0, 8, 1, 0);
    TrainedShard trained = train(replica, late, parameters, new float[0]);
    assertThat(trained.examples()).isEqualTo(BATCH);
    assertThat(trained.groupNorms()).isNotEmpty();
    assertSameBits(
        trained, train(replica, WholeRound.task(0, 0, 1, 0, 0, 8), parameters, new float[0]));
  }

  @Test
  void aShardWithNothingLeftTrainsNothing() {
    LocalTrainer replica = new LocalTrainer(settings(ComponentSettings.defaults("linear")));
    RoundTask beyond = WholeRound.task(0, 3, FREQUENCY, 0, 9, 8);
    TrainedShard trained = train(replica, beyond, replica.parameters(), new float[0]);
    assertThat(trained.examples()).isZero();
    assertThat(trained.fingerprint()).isZero();
    assertThat(trained.lossSum()).isZero();
    assertThat(trained.parameters()).isEmpty();
    assertThat(trained.optimizerState()).isEmpty();
    assertThat(trained.groupNorms()).isEmpty();
  }

  @Test
  void theArgumentsAreNotChanged() {
    LocalTrainer replica = new LocalTrainer(settings(ComponentSettings.defaults("linear")));
    float[] parameters = replica.parameters();
    TrainedShard first = train(replica, FIRST, parameters, new float[0]);
    float[] trained = first.parameters().clone();
    float[] state = first.optimizerState().clone();
    assertThat(parameters)
        .isEqualTo(new LocalTrainer(settings(ComponentSettings.defaults("linear"))).parameters());
    train(replica, OTHER, first.parameters(), first.optimizerState());
    replica.evaluate(SHARD, NORMALIZATION, first.parameters());
    assertThat(first.parameters()).isEqualTo(trained);
    assertThat(first.optimizerState()).isEqualTo(state);
  }

  @Test
  void trainingLowersTheLossOfAnEvaluation() {
    LocalTrainer replica = new LocalTrainer(settings(ComponentSettings.defaults("linear")));
    float[] before = replica.parameters();
    float[] after = train(replica, FIRST, before, new float[0]).parameters();
    assertThat(replica.evaluate(SHARD, NORMALIZATION, after).loss())
        .isLessThan(replica.evaluate(SHARD, NORMALIZATION, before).loss());
  }

  @Test
  void theStateOfMomentumIsAValueForEachParameter() {
    LocalTrainer replica = new LocalTrainer(settings(ComponentSettings.defaults("linear")));
    assertThat(train(replica, FIRST, replica.parameters(), new float[0]).optimizerState())
        .hasSize(Math.toIntExact(replica.parameterCount()));
  }

  @Test
  void parametersOfAnotherLengthAreRefused() {
    LocalTrainer replica = new LocalTrainer(settings(ComponentSettings.defaults("linear")));
    int expected = 12 * 12 * 3 * 4 + 4;
    String message =
        String.format(
            Locale.ROOT,
            "Cannot load parameters: expected %d values for linear, found %d",
            expected,
            expected - 1);
    float[] tooFew = new float[expected - 1];
    assertThatThrownBy(() -> train(replica, FIRST, tooFew, new float[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> replica.evaluate(SHARD, NORMALIZATION, tooFew))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** As if every image had the label that its target is sure of. */
  @ParameterizedTest
  @MethodSource("models")
  void targetsBelongToTheirImagesHoweverThoseAreShuffled(ComponentSettings model) {
    LocalTrainer replica = new LocalTrainer(settings(model));
    float[] parameters = replica.parameters();
    Examples relabelled = new Relabelled(SHARD);
    float[] certain = new float[SHARD.size() * INPUT.classes()];
    for (int i = 0; i < SHARD.size(); i++) {
      certain[i * INPUT.classes() + relabelled.label(i)] = 1;
    }
    TrainedShard taught =
        replica.train(
            OTHER,
            SHARD,
            new ShardTargets(INPUT.classes(), certain),
            NORMALIZATION,
            parameters,
            new float[0]);
    TrainedShard labelled =
        replica.train(OTHER, relabelled, LABELS, NORMALIZATION, parameters, new float[0]);
    assertSameBits(taught, labelled);
    assertThat(taught.parameters())
        .isNotEqualTo(train(replica, OTHER, parameters, new float[0]).parameters());
  }

  /** Examples that claim the class after theirs. */
  private record Relabelled(Examples examples) implements Examples {
    @Override
    public int size() {
      return examples.size();
    }

    @Override
    public int label(int i) {
      return (examples.label(i) + 1) % INPUT.classes();
    }

    @Override
    public int id(int i) {
      return examples.id(i);
    }

    @Override
    public int copy(int i) {
      return examples.copy(i);
    }

    @Override
    public void pixels(int i, byte[] target, int offset) {
      examples.pixels(i, target, offset);
    }

    @Override
    public ImageShape shape(int i) {
      return examples.shape(i);
    }

    @Override
    public ImageShape input() {
      return examples.input();
    }
  }

  /** What the first normalisation is fed depends on the convolution before it alone. */
  @Test
  void runningStatisticsAreMeansOverBatchesAndNothingElseChanges() {
    ComponentSettings model = new ComponentSettings("resnet-20", Map.of("width", 4));
    LocalTrainer replica = new LocalTrainer(settings(model, SEED, List.of()));
    float[] parameters = train(replica, FIRST, replica.parameters(), new float[0]).parameters();

    TrainedShard measured = replica.measureStatistics(0, SHARD, NORMALIZATION, parameters);

    ComputationGraph network = Models.create(model, INPUT, 1);
    network.setParams(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    Layer normalization =
        Stream.of(network.getLayers())
            .filter(layer -> layer.conf().getLayer() instanceof BatchNormalization)
            .min(Comparator.comparingLong(layer -> layer.getParam("var").offset()))
            .orElseThrow();
    String input =
        network
            .getConfiguration()
            .getVertexInputs()
            .get(normalization.conf().getLayer().getLayerName())
            .get(0);
    int channels = 4;
    double[] means = new double[channels];
    double[] variances = new double[channels];
    int[] order = new EpochPlan(SEED, 1, BATCH, FREQUENCY).permutation(0, 0, SHARD.size());
    try (BatchPipeline batches = new BatchPipeline(SHARD, order, 0, order.length, BATCH)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        int size = batch.size();
        float[] pixels = new float[size * SHAPE.size()];
        batch.images(NORMALIZATION).write(0, size, FloatBuffer.wrap(pixels));
        INDArray activations =
            network
                .feedForward(Nd4j.create(pixels, new long[] {size, 3, 12, 12}, 'c'), false)
                .get(input);
        INDArray mean = activations.mean(0, 2, 3);
        INDArray variance = activations.var(false, 0, 2, 3);
        for (int channel = 0; channel < channels; channel++) {
          means[channel] += size * mean.getDouble(channel) / SHARD.size();
          variances[channel] += size * variance.getDouble(channel) / SHARD.size();
        }
      }
    }
    network.setParams(Nd4j.createFromArray(measured.parameters()).reshape(1, parameters.length));
    for (int channel = 0; channel < channels; channel++) {
      assertThat(normalization.getParam("mean").getDouble(channel))
          .isCloseTo(means[channel], within(1e-5));
      assertThat(normalization.getParam("var").getDouble(channel))
          .isCloseTo(variances[channel], within(1e-4 * variances[channel]));
    }
    assertThat(measured.examples()).isEqualTo(SHARD.size());
    ComputationGraph before = Models.create(model, INPUT, 1);
    before.setParams(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    for (Map.Entry<String, INDArray> entry : network.paramTable().entrySet()) {
      if (!entry.getKey().endsWith("_mean") && !entry.getKey().endsWith("_var")) {
        assertThat(entry.getValue().dup().data().asFloat())
            .as(entry.getKey())
            .isEqualTo(before.paramTable().get(entry.getKey()).dup().data().asFloat());
      }
    }
  }

  @Test
  void aNetworkWithoutNormalisationStaysAsItIs() {
    LocalTrainer replica = new LocalTrainer(settings(ComponentSettings.defaults("linear")));
    float[] parameters = replica.parameters();
    assertThat(replica.measureStatistics(0, SHARD, NORMALIZATION, parameters).parameters())
        .isEqualTo(parameters);
  }

  private static TrainedShard train(
      LocalTrainer replica, RoundTask task, float[] parameters, float[] state) {
    return replica.train(task, SHARD, LABELS, NORMALIZATION, parameters, state);
  }

  @Test
  void theMomentumOfEveryStepIsThatOfItsSchedule() {
    ComponentSettings model = ComponentSettings.defaults("linear");
    ComponentSettings low = new ComponentSettings("nesterov", Map.of("momentum", 0.3));
    ComponentSettings high = new ComponentSettings("nesterov", Map.of("momentum", 0.8));
    ComponentSettings constant = ComponentSettings.defaults("constant");
    // Steps of the second epoch alone, at a momentum that reaches 0.8 when that begins.
    ComponentSettings rising =
        new ComponentSettings("linear", Map.of("initial", 0.3, "final", 0.8, "over", "0.5 epochs"));
    RoundTask task = WholeRound.task(1, 0, FREQUENCY, 0, 3, 3);
    float[] asHigh = trained(settings(model, high, constant), task);
    assertThat(trained(settings(model, low, rising), task)).isEqualTo(asHigh);
    assertThat(trained(settings(model, low, constant), task)).isNotEqualTo(asHigh);
  }

  /** With running statistics of some training, which are not those of the batch. */
  @ParameterizedTest
  @CsvSource({"true, FLOAT32, 1e-5", "true, BFLOAT16, 3e-2", "false, FLOAT32, 1e-5"})
  void frozenLayersAreNormalisedInTrainingAsInInference(
      boolean compiled, Precision precision, double rounding) {
    Accelerator.Settings accelerator =
        new Accelerator.Settings(compiled, precision, false, InstructionSetLimit.AUTO);
    ComponentSettings model = new ComponentSettings("resnet-20", Map.of("width", 4));
    LocalTrainer learning = new LocalTrainer(settings(model));
    float[] parameters = train(learning, FIRST, learning.parameters(), new float[0]).parameters();
    LayerRates frozen =
        new LayerRates(
            LayerNames.NONE, new LayerNames(List.of("pool")), 1, LayerRates.Unfreezing.AT_ONCE);
    double inference =
        new LocalTrainer(wholeShard(model, frozen, accelerator))
            .evaluate(SHARD, NORMALIZATION, parameters)
            .loss();
    assertThat(lossInTraining(wholeShard(model, frozen, accelerator), parameters))
        .isCloseTo(inference, within(rounding));
    assertThat(lossInTraining(wholeShard(model, LayerRates.ALIKE, accelerator), parameters))
        .isNotCloseTo(inference, within(3 * rounding));
  }

  /** Whoever compresses a gradient chooses its largest values, or divides by them. */
  @Test
  void theGradientIsZeroWhereLayersDoNotLearnInTheEpoch() {
    ComponentSettings model = ComponentSettings.defaults("lenet-5");
    LayerRates rates =
        new LayerRates(
            new LayerNames(List.of("dense2")), LayerNames.NONE, 1, new LayerRates.Unfreezing(1, 2));
    LocalTrainer replica = new LocalTrainer(wholeShard(model, rates, Accelerator.Settings.all()));
    assertThat(layersWithGradient(replica, 0)).containsExactly("output");
    assertThat(layersWithGradient(replica, 1)).containsExactly("conv2", "dense1", "output");
    assertThat(layersWithGradient(replica, 9))
        .containsExactly("conv1", "conv2", "dense1", "output");
  }

  private static List<String> layersWithGradient(LocalTrainer replica, int epoch) {
    float[] gradient =
        replica
            .gradient(
                new RoundTask(epoch, 0, 1, 0, epoch, 1, 1, Double.POSITIVE_INFINITY),
                SHARD,
                LABELS,
                NORMALIZATION,
                replica.parameters())
            .parameters();
    return replica.segments().stream()
        .filter(
            segment ->
                IntStream.range(0, (int) segment.length())
                    .anyMatch(i -> gradient[(int) segment.offset() + i] != 0))
        .map(Segment::layer)
        .distinct()
        .toList();
  }

  private static double lossInTraining(WorkerSettings settings, float[] parameters) {
    TrainedShard trained = train(new LocalTrainer(settings), FIRST, parameters, new float[0]);
    assertThat(trained.examples()).isEqualTo(SHARD.size());
    return trained.lossSum() / trained.examples();
  }

  /** A round is one step on the whole shard. */
  private static WorkerSettings wholeShard(
      ComponentSettings model, LayerRates rates, Accelerator.Settings accelerator) {
    WorkerSettings settings = settings(model);
    return new WorkerSettings(
        settings.seed(),
        settings.model(),
        settings.loss(),
        settings.input(),
        settings.optimizer().with(rates),
        List.of(),
        new WorkerSettings.Batches(SHARD.size(), 4, 1, 1),
        accelerator,
        DataInitializations.OFF);
  }

  private static float[] trained(WorkerSettings settings, RoundTask task) {
    LocalTrainer replica = new LocalTrainer(settings);
    return train(replica, task, replica.parameters(), new float[0]).parameters();
  }

  private static WorkerSettings settings(
      ComponentSettings model, ComponentSettings rule, ComponentSettings momentum) {
    WorkerSettings settings = settings(model);
    return new WorkerSettings(
        settings.seed(),
        settings.model(),
        Losses.DEFAULT,
        settings.input(),
        new OptimizerSettings(
            rule,
            0.02,
            Regularization.none(),
            ComponentSettings.defaults("constant"),
            momentum,
            0,
            LayerRates.ALIKE),
        settings.augmentations(),
        settings.batches(),
        settings.accelerator(),
        DataInitializations.OFF);
  }

  private static void assertSameBits(TrainedShard found, TrainedShard expected) {
    assertThat(found.parameters()).isEqualTo(expected.parameters());
    assertThat(found.optimizerState()).isEqualTo(expected.optimizerState());
    assertThat(found.lossSum()).isEqualTo(expected.lossSum());
    assertThat(found.examples()).isEqualTo(expected.examples());
    assertThat(found.fingerprint()).isEqualTo(expected.fingerprint());
  }

  private static WorkerSettings settings(ComponentSettings model) {
    return settings(model, SEED);
  }

  private static WorkerSettings settings(ComponentSettings model, long seed) {
    return settings(
        model, seed, List.of(new ComponentSettings("random-crop", Map.of("padding", 2.0))));
  }

  private static WorkerSettings settings(
      ComponentSettings model, long seed, List<ComponentSettings> augmentations) {
    return new WorkerSettings(
        seed,
        model,
        Losses.DEFAULT,
        INPUT,
        PlainOptimizer.settings(
            ComponentSettings.defaults("nesterov"),
            0.02,
            Regularization.none(),
            ComponentSettings.defaults("constant")),
        augmentations,
        new WorkerSettings.Batches(BATCH, 4, 1, 1),
        Accelerator.Settings.all(),
        DataInitializations.OFF);
  }
}
