package dev.convoy.worker.training;

import dev.convoy.data.ImageShape;
import dev.convoy.data.augment.TestTimeAugmentation;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.shard.Examples;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.loss.Loss;
import java.util.stream.IntStream;

/** Measures a network on a shard. */
public final class Evaluator {
  /** Examples at once, where nothing speaks for fewer. */
  private static final int MOST_EXAMPLES = 256;

  /** Of the images of a batch: two batches are there at once. */
  private static final long MOST_BYTES = 32 << 20;

  private Evaluator() {}

  /** How many examples of a shape to evaluate at once: 256, or fewer if they are large. */
  public static int batchSize(ImageShape shape) {
    long bytes = (long) shape.size() * Float.BYTES;
    return (int) Math.max(1, Math.min(MOST_EXAMPLES, MOST_BYTES / bytes));
  }

  /**
   * Runs every example of a shard through the network, in the shard's order, without augmentation.
   *
   * @param classes that the network tells apart
   * @param batchSize examples at once, at least 1
   */
  public static EvaluationSums evaluate(
      Session network, int classes, Examples images, Normalization normalization, int batchSize) {
    return evaluate(network, classes, images, normalization, batchSize, TestTimeAugmentation.NONE);
  }

  /**
   * Runs views of every example of a shard through the network; the means of the probabilities, or
   * of the numbers, that it gives them count.
   *
   * @param classes that the network tells apart
   * @param batchSize views at once, at least 1; all of an example are together
   */
  public static EvaluationSums evaluate(
      Session network,
      int classes,
      Examples images,
      Normalization normalization,
      int batchSize,
      TestTimeAugmentation augmentation) {
    if (images.numbersEach() > 0) {
      return evaluateNumbers(network, images, normalization, batchSize, augmentation);
    }
    int views = augmentation.views();
    int[] order = IntStream.range(0, images.size() * views).toArray();
    int[] actual = new int[images.size()];
    int[] predicted = new int[images.size()];
    int examples = 0;
    double lossSum = 0;
    int atOnce = Math.max(1, batchSize / views) * views;
    try (BatchPipeline batches =
        new BatchPipeline(augmentation.of(images), order, 0, order.length, atOnce)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        int answered = batch.size() / views;
        Answers answers =
            Answers.of(network, batch.images(normalization), answered, views, classes);
        for (int i = 0; i < answered; i++) {
          int label = batch.labels()[i * views];
          actual[examples] = label;
          predicted[examples] = answers.predicted(i);
          lossSum += answers.loss(i, label);
          examples++;
        }
      }
    }
    return EvaluationSums.of(lossSum, classes, actual, predicted);
  }

  private static EvaluationSums evaluateNumbers(
      Session network,
      Examples images,
      Normalization normalization,
      int batchSize,
      TestTimeAugmentation augmentation) {
    int views = augmentation.views();
    int width = images.numbersEach();
    int[] order = IntStream.range(0, images.size() * views).toArray();
    Loss loss = network.loss().ofValidation();
    NumberErrors.Collector errors = new NumberErrors.Collector(width);
    double lossSum = 0;
    int examples = 0;
    int atOnce = Math.max(1, batchSize / views) * views;
    try (BatchPipeline batches =
        new BatchPipeline(augmentation.of(images), order, 0, order.length, atOnce)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        float[] outputs = network.outputs(batch.images(normalization), batch.size());
        int answered = batch.size() / views;
        Probabilities.average(outputs, answered, views, width);
        for (int i = 0; i < answered; i++) {
          float[] numbers = images.numbers(examples++);
          double[] row = new double[width];
          for (int output = 0; output < width; output++) {
            row[output] = outputs[i * width + output];
          }
          errors.add(row, numbers);
          lossSum += loss.derive(row, Targets.ofDistributions(numbers, width), 0);
        }
      }
    }
    return EvaluationSums.of(lossSum, errors.errors());
  }
}
