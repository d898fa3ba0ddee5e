package dev.convoy.worker.training;

import dev.convoy.data.Text;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.EpochPlan;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.Examples;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.backend.StatisticsMeasurement;
import dev.convoy.worker.optimizer.GroupNorms;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.NetworkRates;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.StepNorms;
import dev.convoy.worker.schedule.LearningRate;
import dev.convoy.worker.schedule.MomentumSchedule;
import dev.convoy.worker.schedule.MomentumSchedules;
import dev.convoy.worker.schedule.Schedules;
import dev.convoy.worker.schedule.StepRates;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of the network on an executor. Every call brings the parameters along, so the result
 * depends on the arguments alone: not on which replica does the work, nor on what it did before.
 *
 * <p>Used by one thread at a time.
 */
public final class LocalTrainer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalTrainer.class);

  private final WorkerSettings settings;
  private final Augmentations augmentations;
  private final List<Segment> segments;
  private final NetworkRates layers;
  private final Map<String, Double> statisticsDecays;
  private final Session session;

  /** Builds the network; its first parameters are those of the run's seed. */
  public LocalTrainer(WorkerSettings settings) {
    this(settings, settings.undrawn());
    session.load(initialParameters(settings), new float[0]);
  }

  private LocalTrainer(WorkerSettings settings, ComputationGraph network) {
    this.settings = settings;
    this.augmentations = Augmentations.of(settings.augmentations());
    this.segments = Segment.of(network);
    this.layers =
        new NetworkRates(settings.optimizer().layers(), network.getConfiguration(), segments);
    this.statisticsDecays = statisticsDecays(network);
    this.session =
        Accelerator.open(
            Job.training(
                network, settings.input(), settings.optimizer(), settings.batches().threads()),
            settings.accelerator());
    LOG.info("{}", session.description());
  }

  /** Builds the network without drawing weights: what it computes is handed its parameters. */
  public static LocalTrainer undrawn(WorkerSettings settings) {
    return new LocalTrainer(settings, settings.undrawn());
  }

  /** The parameters that a run of the settings' seed begins with, flat. */
  public static float[] initialParameters(WorkerSettings settings) {
    return HostVector.copy(settings.drawn().params());
  }

  /** How many parameters the network has. */
  public long parameterCount() {
    return segments.stream().mapToLong(Segment::length).sum();
  }

  /** How many values the optimizer's state has. */
  public int optimizerStateLength() {
    return session.optimizerStateLength();
  }

  /** The parts of the flat parameter vector. */
  public List<Segment> segments() {
    return segments;
  }

  /**
   * Of the layers with running statistics r, by name: a batch's statistics b make them decay · r +
   * (1 − decay) · b.
   */
  public Map<String, Double> statisticsDecays() {
    return statisticsDecays;
  }

  private static Map<String, Double> statisticsDecays(ComputationGraph network) {
    Map<String, Double> decays = new HashMap<>();
    for (Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof BatchNormalization normalization) {
        decays.put(normalization.getLayerName(), normalization.getDecay());
      }
    }
    return Map.copyOf(decays);
  }

  /** Whether the network drops anything in training. */
  public boolean hasDropout() {
    return session.hasDropout();
  }

  /** One line for a person: who computes the network. */
  public String description() {
    return session.description();
  }

  /** A copy of the network's parameters, flat. */
  public float[] parameters() {
    return session.parameters();
  }

  /**
   * Trains what a round holds of a shard, batch after batch, and measures the last step.
   *
   * @param targets of the images
   * @param parameters to start from, flat; not changed
   * @param optimizerState to start from; empty for zeros; not changed
   */
  public TrainedShard train(
      RoundTask task,
      Examples images,
      ShardTargets targets,
      Normalization normalization,
      float[] parameters,
      float[] optimizerState) {
    load(parameters, optimizerState);
    float[][] groupNorms = {new float[0]};
    double[] lossSum = {0};
    TrainedShard trained =
        forEachBatch(
            task,
            images,
            targets,
            (batch, key, rates, isLast) -> {
              if (!isLast) {
                session.queue(
                    batch.images(normalization), batch.targets(), batch.size(), key, rates);
                return 0;
              }
              lossSum[0] = session.takeLossSum();
              Session.Measured last =
                  session.trainMeasured(
                      batch.images(normalization), batch.targets(), batch.size(), key, rates);
              groupNorms[0] = GroupNorms.of(last.norms(), segments).values();
              return last.loss();
            });
    return trained.examples() == 0
        ? trained
        : trained.with(lossSum[0], groupNorms[0], parameters(), session.optimizerState());
  }

  /**
   * Computes the gradient of the one batch that a round holds of a shard, and takes no step.
   *
   * @param task of a round of one batch
   * @param parameters of the network, flat; not changed
   * @return with the mean gradient over the batch for parameters, as {@link
   *     Session.Gradient#values} has it; 0 where layers do not learn in the epoch
   */
  public TrainedShard gradient(
      RoundTask task,
      Examples images,
      ShardTargets targets,
      Normalization normalization,
      float[] parameters) {
    load(parameters, new float[0]);
    float[][] gradient = {new float[0]};
    TrainedShard trained =
        forEachBatch(
            task,
            images,
            targets,
            (batch, key, rates, isLast) -> {
              Session.Gradient found =
                  session.gradient(
                      batch.images(normalization), batch.targets(), batch.size(), key, rates);
              gradient[0] = found.values();
              return found.loss();
            });
    return trained.withVectors(learned(gradient[0], task.epoch()), new float[0]);
  }

  /** What is left of a gradient where layers do not learn would be compressed with the rest. */
  private float[] learned(float[] gradient, int epoch) {
    for (Segment segment : segments) {
      if (gradient.length > 0 && !layers.learnsIn(epoch, segment)) {
        int from = Math.toIntExact(segment.offset());
        Arrays.fill(gradient, from, Math.toIntExact(from + segment.length()), 0);
      }
    }
    return gradient;
  }

  /**
   * Takes one step with a gradient of all workers' batches.
   *
   * @param task of the round, with any shard
   * @param parameters before the step, flat; not changed
   * @param optimizerState before the step; empty for zeros; not changed
   * @param gradient the mean over the batches' images; not changed
   * @return with parameters and state after the step, and no examples
   */
  public TrainedShard step(
      RoundTask task, float[] parameters, float[] optimizerState, float[] gradient) {
    load(parameters, optimizerState);
    StepRates rates = rates(learningRate(settings, task), momentum(), task, task.firstStep());
    long key = KeyedRandom.key(settings.seed(), Purpose.DROPOUT, task.epoch(), 0, task.firstStep());
    StepNorms norms = session.step(gradient, rates, key);
    return TrainedShard.counted(task.shard(), 0, 0, 0, 0, 0)
        .with(0, GroupNorms.of(norms, segments).values(), parameters(), session.optimizerState());
  }

  private MomentumSchedule momentum() {
    return MomentumSchedules.FAMILY.create(settings.optimizer().momentumSchedule());
  }

  private static StepRates rates(
      LearningRate rate, MomentumSchedule momentum, RoundTask task, long step) {
    return new StepRates(
        rate.at(step),
        momentum.momentum(rate.epochs(step), rate.totalEpochs()),
        step,
        task.epoch());
  }

  /** What to do with a batch; returns its mean loss, or 0 if that is told later. */
  private interface BatchWork {
    double on(Batch batch, long key, StepRates rates, boolean isLast);
  }

  /** Does work on what a round holds of a shard; without vectors. */
  private TrainedShard forEachBatch(
      RoundTask task, Examples images, ShardTargets targets, BatchWork work) {
    LearningRate rate = learningRate(settings, task);
    MomentumSchedule momentum = momentum();
    EpochPlan plan = plan(task.batches());
    int[] order = plan.permutation(task.epoch(), task.shard(), images.size());
    int from = plan.from(task.round(), images.size());
    int to = plan.to(task.round(), images.size());
    long examples = 0;
    long fingerprint = 0;
    double lossSum = 0;
    long step = task.firstStep();
    long start = System.nanoTime();
    long waited;
    try (BatchPipeline batches = batches(images, targets, order, from, to, task.epoch())) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        long key =
            KeyedRandom.key(settings.seed(), Purpose.DROPOUT, task.epoch(), task.shard(), step);
        examples += batch.size();
        boolean isLate = (System.nanoTime() - start) / 1e9 >= task.maxSeconds();
        boolean isLast = examples == to - from || isLate;
        lossSum += work.on(batch, key, rates(rate, momentum, task, step), isLast) * batch.size();
        for (int i = 0; i < batch.size(); i++) {
          fingerprint += KeyedRandom.mix(batch.ids()[i] + 1L);
        }
        step++;
        if (isLate) {
          break;
        }
      }
      waited = batches.waitedNanos();
    }
    return TrainedShard.counted(
        task.shard(), examples, fingerprint, lossSum, System.nanoTime() - start, waited);
  }

  private EpochPlan plan(int batchesOfRound) {
    WorkerSettings.Batches batches = settings.batches();
    return new EpochPlan(settings.seed(), batches.repeats(), batches.size(), batchesOfRound);
  }

  /** The learning rate of the steps of a round. */
  public static LearningRate learningRate(WorkerSettings settings, RoundTask task) {
    return new LearningRate(
        settings.optimizer().learningRate() * task.rateShare(),
        Schedules.FAMILY.create(settings.optimizer().schedule()),
        task.stepsPerEpoch(),
        settings.batches().epochs());
  }

  private BatchPipeline batches(
      Examples images, ShardTargets targets, int[] order, int from, int to, int epoch) {
    return new BatchPipeline(
        images,
        targets,
        order,
        from,
        to,
        settings.batches().size(),
        augmentations,
        settings.seed(),
        epoch);
  }

  /**
   * Measures the running statistics of batch normalisation anew on a whole shard, augmented as in
   * the first epoch. Everything else stays as it is.
   *
   * @param parameters to measure them for, flat; not changed
   * @return the parameters with the shard's statistics, to be averaged by examples
   */
  public TrainedShard measureStatistics(
      int shard, Examples images, Normalization normalization, float[] parameters) {
    load(parameters, new float[0]);
    long start = System.nanoTime();
    session
        .measureStatistics()
        .ifPresent(statistics -> measure(statistics, shard, images, normalization));
    return new TrainedShard(
        shard,
        images.size(),
        0,
        0,
        System.nanoTime() - start,
        0,
        new float[0],
        parameters(),
        new float[0]);
  }

  private void measure(
      StatisticsMeasurement statistics, int shard, Examples images, Normalization normalization) {
    long examples = 0;
    try (BatchPipeline batches =
        batches(
            images,
            ShardTargets.labels(settings.input().classes()),
            plan(1).permutation(0, shard, images.size()),
            0,
            images.size(),
            0)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        long dropoutKey = KeyedRandom.key(settings.seed(), Purpose.DROPOUT, 0, shard, examples);
        statistics.add(batch.images(normalization), batch.size(), dropoutKey);
        examples += batch.size();
      }
    }
    statistics.assign();
  }

  /**
   * Initialises the network on the first batch of a shard, augmented as in the first epoch.
   *
   * @param images at least one
   * @param parameters as they were drawn or given, flat; not changed
   * @param kept names of layers that stay as they are
   */
  public InitializedParameters initializeOnData(
      int shard,
      Examples images,
      Normalization normalization,
      float[] parameters,
      List<String> kept) {
    int first = Math.min(settings.batches().size(), images.size());
    try (BatchPipeline batches =
        batches(
            images,
            ShardTargets.labels(settings.input().classes()),
            plan(1).permutation(0, shard, images.size()),
            0,
            first,
            0)) {
      return InitializedParameters.of(settings, batches.next(), normalization, parameters, kept);
    }
  }

  /**
   * Evaluates a whole shard, without augmentation; what was taken for what is left out.
   *
   * @param parameters of the network to evaluate, flat; not changed
   */
  public EvaluationSums evaluate(Examples images, Normalization normalization, float[] parameters) {
    load(parameters, new float[0]);
    return Evaluator.evaluate(
            session,
            settings.input().classes(),
            images,
            normalization,
            Evaluator.batchSize(images.input()))
        .withoutConfusion();
  }

  /** Frees native memory at once; what is forgotten instead is freed when Java finds out. */
  @Override
  public void close() {
    session.close();
  }

  private void load(float[] parameters, float[] optimizerState) {
    if (parameters.length != parameterCount()) {
      throw new IllegalArgumentException(
          Text.of(
              "Cannot load parameters: expected %d values for %s, found %d",
              parameterCount(), settings.model().name(), parameters.length));
    }
    session.load(parameters, optimizerState);
  }
}
