package dev.convoy.gpu;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.EpochPlan;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.schedule.LearningRate;
import dev.convoy.worker.schedule.Schedules;
import dev.convoy.worker.schedule.StepRates;
import dev.convoy.worker.training.Evaluator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A whole training on CIFAR-10 by one replica, with the augmentation, the update rule and the
 * schedule of {@code conf/cifar10-resnet20.conf}, on all training images.
 */
final class CifarTraining implements AutoCloseable {
  private static final long SEED = 1;
  private static final long MEMORY = 1L << 30;

  private static final Augmentations AUGMENTATIONS =
      Augmentations.of(
          List.of(
              new ComponentSettings("random-crop", Map.of("padding", 4)),
              new ComponentSettings("horizontal-flip", Map.of("probability", 0.5))));

  private final SavedNetwork network;
  private final Shard training;
  private final Shard test;
  private final Normalization normalization;

  /**
   * What came of a training.
   *
   * @param precision of values
   * @param epochs over all images
   * @param batch images in a step
   * @param accuracy on the test set, from 0 to 1
   * @param losses of the epochs, means
   * @param trainingSeconds of all epochs, from an opened network to the last step's end
   * @param seconds with opening and evaluating; decoding the files is left out
   * @param waitedSeconds for batches to be assembled, of the training's
   * @param parameters their SHA-256
   */
  record Entry(
      Precision precision,
      int epochs,
      int batch,
      double accuracy,
      List<Double> losses,
      double trainingSeconds,
      double seconds,
      double waitedSeconds,
      String parameters) {}

  /**
   * Decodes all images.
   *
   * @param folder with one folder per class under {@code train} and under {@code test}
   */
  CifarTraining(SavedNetwork network, Path folder) throws IOException {
    this.network = network;
    Path scratch = Files.createTempDirectory("convoy-cifar");
    training = shard(folder.resolve("train"), scratch);
    test = shard(folder.resolve("test"), scratch);
    normalization = Normalization.of(training.statistics());
  }

  private Shard shard(Path folder, Path scratch) throws IOException {
    InputShape input = network.input();
    ImageShape shape = new ImageShape(input.height(), input.width(), input.channels());
    JpegFolder source = new JpegFolder(folder, shape);
    return ShardPacker.pack(
        source.list().listing(),
        input.classes(),
        StoredShape.resized(shape),
        source,
        new MemoryBudget(MEMORY),
        scratch);
  }

  /** Images for training and for the test. */
  String images() {
    return training.size() + " and " + test.size();
  }

  /** Trains from the saved parameters on. */
  Entry train(CheckedGpu machine, Precision precision, int epochs, int batch)
      throws UnsupportedNetworkException {
    long start = System.nanoTime();
    try (Session session = machine.session(network, precision, Steps.CIFAR)) {
      LearningRate rate =
          new LearningRate(
              Steps.CIFAR.learningRate(),
              Schedules.FAMILY.create(Steps.CIFAR.schedule()),
              (training.size() + batch - 1) / batch,
              epochs);
      List<Double> losses = new ArrayList<>();
      long waited = 0;
      long begun = System.nanoTime();
      for (int epoch = 0; epoch < epochs; epoch++) {
        waited += epoch(session, rate, epoch, batch);
        losses.add(session.takeLossSum() / training.size());
      }
      double trainingSeconds = (System.nanoTime() - begun) / 1e9;
      double accuracy =
          Evaluator.evaluate(session, network.input().classes(), test, normalization, 256)
              .accuracy();
      return new Entry(
          precision,
          epochs,
          batch,
          accuracy,
          losses,
          trainingSeconds,
          (System.nanoTime() - start) / 1e9,
          waited / 1e9,
          Vectors.digest(session.parameters()));
    }
  }

  /** Queues an epoch's steps; returns how long it waited for batches. */
  private long epoch(Session session, LearningRate rate, int epoch, int batch) {
    int[] order = new EpochPlan(SEED, 1, batch, 1).permutation(epoch, 0, training.size());
    long step = epoch * rate.stepsPerEpoch();
    try (BatchPipeline batches =
        new BatchPipeline(
            training,
            ShardTargets.labels(network.input().classes()),
            order,
            0,
            order.length,
            batch,
            AUGMENTATIONS,
            SEED,
            epoch)) {
      for (Batch next = batches.next(); next != null; next = batches.next()) {
        session.queue(
            next.images(normalization),
            next.targets(),
            next.size(),
            KeyedRandom.key(SEED, Purpose.DROPOUT, epoch, 0, step),
            new StepRates(rate.at(step), OptionalDouble.empty(), step, epoch));
        step++;
      }
      return batches.waitedNanos();
    }
  }

  @Override
  public void close() {
    training.close();
    test.close();
  }
}
