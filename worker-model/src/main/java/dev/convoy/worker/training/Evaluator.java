package dev.convoy.worker.training;

import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.shard.Examples;
import dev.convoy.worker.accelerator.propagation.Propagation;
import java.util.stream.IntStream;

/** Measures a network on a shard. */
public final class Evaluator {
  /** Smallest probability that enters a logarithm. */
  private static final double SMALLEST_PROBABILITY = 1e-10;

  /** Examples at once, where nothing speaks for another number. */
  public static final int BATCH_SIZE = 256;

  private Evaluator() {}

  /**
   * Runs every example of a shard through the network, in the shard's order, without augmentation.
   *
   * @param classes that the network tells apart
   * @param batchSize examples at once, at least 1
   */
  public static EvaluationSums evaluate(
      Propagation propagation,
      int classes,
      Examples images,
      Normalization normalization,
      int batchSize) {
    int[] order = IntStream.range(0, images.size()).toArray();
    long examples = 0;
    double lossSum = 0;
    long[] confusion = new long[classes * classes];
    try (BatchPipeline batches =
        new BatchPipeline(
            images, order, 0, order.length, batchSize, Augmentations.none(), 0, 0, normalization)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        float[] probabilities = propagation.probabilities(batch.images(), batch.size());
        for (int i = 0; i < batch.size(); i++) {
          int actual = batch.labels()[i];
          int predicted = indexOfLargest(probabilities, i * classes, classes);
          confusion[actual * classes + predicted]++;
          lossSum -=
              StrictMath.log(Math.max(SMALLEST_PROBABILITY, probabilities[i * classes + actual]));
        }
        examples += batch.size();
      }
    }
    return new EvaluationSums(examples, lossSum, classes, confusion);
  }

  private static int indexOfLargest(float[] values, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }
}
