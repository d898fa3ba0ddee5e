package dev.convoy.worker.check;

import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.Examples;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.backend.StatisticsMeasurement;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.StepNorms;
import dev.convoy.worker.schedule.StepRates;
import dev.convoy.worker.training.EvaluationSums;
import dev.convoy.worker.training.Evaluator;
import dev.convoy.worker.training.InitializedParameters;
import dev.convoy.worker.training.WorkerSettings;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network that is trained for a few steps on some images, to see what comes of it. It begins with
 * the parameters that the run would begin with. The same arguments give the same bits.
 *
 * <p>Used by one thread at a time.
 */
public final class ShortTraining implements AutoCloseable {
  private final WorkerSettings settings;
  private final List<Segment> segments;
  private final Session session;
  private final float[] first;

  /**
   * What steps are taken on.
   *
   * @param images examples
   * @param targets what is to be learned of them
   * @param augmentations of them
   * @param normalization of their pixels
   * @param batchSize examples in a step, at least 1
   */
  public record Material(
      Examples images,
      ShardTargets targets,
      Augmentations augmentations,
      Normalization normalization,
      int batchSize) {}

  /** The learning rate of a step, counted from 0. */
  @FunctionalInterface
  public interface Rate {
    /** The rate; 0 leaves the parameters as they are. */
    double at(int step);
  }

  /**
   * A step that was taken.
   *
   * @param number counted from 0
   * @param loss the mean loss before it, in nats
   * @param norms of it
   * @param nanos that it took, without waiting for its batch
   */
  public record Step(int number, double loss, StepNorms norms, long nanos) {}

  /** Looks at every step. */
  @FunctionalInterface
  public interface Observer {
    /** Takes note of a step; whether to go on. */
    boolean goesOnAfter(Step step);
  }

  /**
   * Builds the network.
   *
   * @param material on whose first images the network begins, where its parameters depend on data
   */
  public ShortTraining(WorkerSettings settings, Material material) {
    this.settings = settings;
    ComputationGraph network = settings.drawn();
    this.segments = Segment.of(network);
    this.session =
        Accelerator.open(
            Job.training(
                network, settings.input(), settings.optimizer(), settings.batches().threads()),
            settings.accelerator());
    this.first = first(material);
    session.load(first, new float[0]);
  }

  private float[] first(Material material) {
    float[] drawn = session.parameters();
    if (!DataInitializations.isOn(settings.dataInitialization())) {
      return drawn;
    }
    int batch = Math.min(material.batchSize(), material.images().size());
    try (BatchPipeline batches =
        new BatchPipeline(
            material.images(),
            material.targets(),
            order(material.images().size(), batch),
            0,
            batch,
            batch,
            material.augmentations(),
            settings.seed(),
            0)) {
      return InitializedParameters.of(
              settings, batches.next(), material.normalization(), drawn, List.of())
          .parameters();
    }
  }

  /** The parts of the flat parameter vector. */
  public List<Segment> segments() {
    return segments;
  }

  /** A copy of the parameters that the network has now, flat. */
  public float[] parameters() {
    return session.parameters();
  }

  /**
   * Begins anew and takes steps, batch after batch of an order that is drawn for each pass over the
   * images.
   *
   * @param steps at least 1, or fewer if the observer says so
   */
  public void train(Material material, int steps, Rate rate, Observer observer) {
    session.load(first, new float[0]);
    int batch = Math.min(material.batchSize(), material.images().size());
    int[] order = order(material.images().size(), steps * batch);
    try (BatchPipeline batches =
        new BatchPipeline(
            material.images(),
            material.targets(),
            order,
            0,
            order.length,
            batch,
            material.augmentations(),
            settings.seed(),
            0)) {
      boolean goesOn = true;
      for (int step = 0; step < steps && goesOn; step++) {
        Batch next = batches.next();
        long key = KeyedRandom.key(settings.seed(), Purpose.CHECK, 1, step);
        long start = System.nanoTime();
        Session.Measured measured =
            session.trainMeasured(
                next.images(material.normalization()),
                next.targets(),
                next.size(),
                key,
                new StepRates(rate.at(step), OptionalDouble.empty(), step));
        goesOn =
            observer.goesOnAfter(
                new Step(step, measured.loss(), measured.norms(), System.nanoTime() - start));
      }
    }
  }

  /** Permutations of the images one after the other. */
  private int[] order(int size, int length) {
    int[] order = new int[length];
    int[] pass = IntStream.range(0, size).toArray();
    for (int from = 0; from < length; from += size) {
      KeyedRandom.of(settings.seed(), Purpose.CHECK, 2, from / size).shuffle(pass);
      System.arraycopy(pass, 0, order, from, Math.min(size, length - from));
    }
    return order;
  }

  /**
   * Evaluates the network as it is now, without augmentation; the running statistics of batch
   * normalisation are measured on {@code material} first, as few steps do not move them enough.
   *
   * @param images to evaluate on
   */
  public EvaluationSums evaluate(Material material, Examples images) {
    session.measureStatistics().ifPresent(statistics -> measure(statistics, material));
    return Evaluator.evaluate(
        session,
        settings.input().classes(),
        images,
        material.normalization(),
        Math.min(images.size(), Evaluator.batchSize(images.input())));
  }

  private static void measure(StatisticsMeasurement statistics, Material material) {
    int[] order = IntStream.range(0, material.images().size()).toArray();
    try (BatchPipeline batches =
        new BatchPipeline(
            material.images(),
            order,
            0,
            order.length,
            Math.min(material.batchSize(), order.length))) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        statistics.add(batch.images(material.normalization()), batch.size(), 0);
      }
    }
    statistics.assign();
  }

  /** What the layers of the network give now for the first batch of some images. */
  public List<LayerActivations> activations(Material material) {
    float[] parameters = Arrays.copyOf(session.parameters(), first.length);
    return LayerActivations.of(settings, parameters, material);
  }

  /** Frees native memory. */
  @Override
  public void close() {
    session.close();
  }
}
