package dev.convoy.worker.training;

import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.shard.Shard;
import dev.convoy.worker.model.InputShape;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Measures a network on a shard. */
public final class Evaluator {
  /** Smallest probability that enters a logarithm. */
  private static final double SMALLEST_PROBABILITY = 1e-10;

  private Evaluator() {}

  /**
   * Runs every example of a shard through the network, in the shard's order, without augmentation.
   *
   * @param network with one input (float NCHW) and one softmax output
   * @param batchSize examples at once, at least 1
   */
  public static EvaluationSums evaluate(
      ComputationGraph network, Shard shard, Normalization normalization, int batchSize) {
    int[] order = IntStream.range(0, shard.size()).toArray();
    int classes =
        Math.toIntExact(network.layerSize(network.getConfiguration().getNetworkOutputs().get(0)));
    InputShape input =
        new InputShape(
            shard.shape().height(), shard.shape().width(), shard.shape().channels(), classes);
    long examples = 0;
    double lossSum = 0;
    long[] confusion = new long[classes * classes];
    try (BatchPipeline batches =
        new BatchPipeline(
            shard, order, 0, order.length, batchSize, Augmentations.none(), 0, 0, normalization)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        float[] probabilities =
            network.outputSingle(NetworkInput.images(batch, input)).dup('c').data().asFloat();
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
