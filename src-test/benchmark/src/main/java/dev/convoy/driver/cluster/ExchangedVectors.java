package dev.convoy.driver.cluster;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.data.shard.Examples;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.Layout;
import dev.convoy.driver.averaging.Learned;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.OptimizerStates;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.compression.Compressions;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.training.RoundTask;
import dev.convoy.worker.training.TrainedShard;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Rounds of Convoy's workers that train nothing: each brings back what it was given, changed in one
 * value. It is here for the cluster's package-private classes. Driver only.
 */
public final class ExchangedVectors implements AutoCloseable {
  private static final float[] NONE = {};

  /** What compression may leave out, which later rounds make up for. */
  private static final double LOSS = 0.05;

  private final TrainingData data;
  private final ImageView images;
  private final Averaging averaging;
  private final RoundRoute route;
  private AveragedModel model;
  private long rounds;

  /**
   * Before the first round.
   *
   * @param configuration of a run with generated images and one worker for each executor
   * @param parameters of a network that is not made
   * @param optimizerState values of its optimizer's
   */
  public ExchangedVectors(
      SparkCluster cluster, RunConfiguration configuration, int parameters, int optimizerState) {
    this.data = new TrainingData(cluster, configuration, Progress.none());
    this.images = data.train().view();
    this.averaging =
        new Averaging(
            Averaging.mean().rule(),
            OptimizerStates.AVERAGE,
            Compressions.FAMILY.create(configuration.training().averaging().compression()),
            new Layout(List.of(new Learned(0, parameters)), List.of()));
    this.route =
        RoundRoute.of(
            cluster, configuration, averaging, new VectorSizes(parameters, optimizerState));
    float[] first = random(parameters);
    first[0] = 0; // which is what rounds add to
    this.model = new ModelState(first, random(optimizerState), Collections.emptySortedMap());
  }

  /** Values that do not get shorter when they are compressed. */
  private static float[] random(int length) {
    SplittableRandom random = new SplittableRandom(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }

  /** Spark as the cluster has it. */
  public static JavaSparkContext spark(SparkCluster cluster) {
    return cluster.context();
  }

  /** What goes around, and comes back averaged. */
  public void round() {
    int count = images.sizes().length;
    List<Integer> shards = IntStream.range(0, count).boxed().toList();
    RoundResult result =
        route.train(
            new RoundWork(
                images,
                Optional.empty(),
                new RoundTask(0, 0, 1, 0, rounds, 1, 1, Double.POSITIVE_INFINITY),
                shards,
                ExchangedVectors::changed,
                ExchangedVectors::noStep,
                new RoundPlace(rounds, 1, 2)),
            model);
    model.close();
    model = result.model();
    rounds++;
  }

  private static TrainedShard changed(
      int shard, Examples examples, float[] begun, float[] optimizerState) {
    long start = System.nanoTime();
    float[] parameters = begun.clone();
    parameters[0] += shard + 1;
    float[] state = optimizerState.clone();
    return new TrainedShard(shard, 1, 0, 0, System.nanoTime() - start, 0, NONE, parameters, state);
  }

  private static TrainedShard noStep(float[] parameters, float[] optimizerState, float[] gradient) {
    throw new UnsupportedOperationException("workers send parameters here");
  }

  /**
   * Makes sure that all rounds were averaged.
   *
   * @throws BenchmarkException if the parameters are not what they come to
   */
  public void check() {
    double expected = rounds * (images.sizes().length + 1) / 2.0;
    float found = model.parameters()[0];
    double tolerance = averaging.compression().isExact() ? 0 : LOSS * expected;
    if (!(Math.abs(found - expected) <= tolerance)) {
      throw new BenchmarkException(
          String.format(
              Locale.ROOT,
              "Cannot measure: expected %d rounds to average to %.1f, found %.1f",
              rounds,
              expected,
              found));
    }
  }

  @Override
  public void close() {
    model.close();
    route.close();
    data.close();
  }
}
