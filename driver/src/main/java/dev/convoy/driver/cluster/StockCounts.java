package dev.convoy.driver.cluster;

import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Counts what Deeplearning4j's workers train: examples, their losses and the time it took. A batch
 * of a task that is retried counts again. Travels to executors, where each task has its own.
 */
final class StockCounts implements TrainingHook {
  private static final long serialVersionUID = 1L;

  private final LongAccumulator examples;
  private final DoubleAccumulator lossSum;
  private final LongAccumulator nanos;
  private final int threads;
  private long start;

  /**
   * Nothing yet. Driver only.
   *
   * @param threads of a worker
   */
  StockCounts(SparkContext context, int threads) {
    this.examples = context.longAccumulator("examples trained");
    this.lossSum = context.doubleAccumulator("sum of losses");
    this.nanos = context.longAccumulator("nanoseconds of training");
    this.threads = threads;
  }

  @Override
  public void preUpdate(MultiDataSet batch, Model network) {
    // OpenMP counts its threads for every thread that calls it.
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    start = System.nanoTime();
  }

  @Override
  public void postUpdate(MultiDataSet batch, Model network) {
    long size = batch.getFeatures(0).size(0);
    examples.add(size);
    lossSum.add(size * network.score());
    nanos.add(System.nanoTime() - start);
  }

  @Override
  public void preUpdate(DataSet batch, Model network) {
    throw new UnsupportedOperationException("Networks with one input get batches of several");
  }

  @Override
  public void postUpdate(DataSet batch, Model network) {
    throw new UnsupportedOperationException("Networks with one input get batches of several");
  }

  /** Forgets what was counted. Driver only. */
  void reset() {
    examples.reset();
    lossSum.reset();
    nanos.reset();
  }

  /** How many examples were trained. Driver only. */
  long examples() {
    return examples.value();
  }

  /** The sum of their losses, each before the step that it took part in, penalties included. */
  double lossSum() {
    return lossSum.value();
  }

  /** The time of all workers together. Driver only. */
  long nanos() {
    return nanos.value();
  }
}
