package dev.convoy.worker.onednn;

import dev.convoy.data.batch.Images;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.worker.backend.Classification;
import dev.convoy.worker.backend.NetworkSteps;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GrowingConcatenationNode;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Forward for one batch size, without dropout or with masks of every example's own. */
final class InferencePlan implements AutoCloseable {
  private final Plan plan;
  private final Tensor images;
  private final Tensor logits;
  private final Classification classification;

  /** Builds the plan of a network, for batches of one size. */
  InferencePlan(Graph graph, int batchSize, Precision precision, ParameterMemory parameters) {
    plan = new Plan(batchSize, false, precision, parameters);
    images = plan.keep(plan.allocate(OneDnn.plainLayout(batchSize, graph.image())));
    Graph fused = GrowingConcatenationNode.joinChains(Fusion.forInference(graph));
    plan.keepInTiles(TiledValues.of(fused, plan));
    var steps = new NetworkSteps<>(plan, fused, false, images, Stages::add);
    logits = plan.keep(plan.inFloat32(steps.value(fused.logits())));
    classification = new Classification(batchSize, Math.toIntExact(logits.dimension(1)));
    plan.arrange();
    plan.allocate();
  }

  /**
   * Computes what a network answers.
   *
   * @param function of its last values
   * @param first image of the batch in {@code pixels}
   * @param size images in the batch, at most the plan's; the rest is computed in vain
   * @param answers of all images of {@code pixels}
   */
  void run(Consumer<double[]> function, Images pixels, int first, int size, float[] answers) {
    FloatBuffer place = images.buffer();
    pixels.write(first, first + size, place.limit(place.limit() / plan.batchSize() * size));
    plan.run();
    int classes = Math.toIntExact(logits.dimension(1));
    logits.values().get(classification.values(), 0, size * classes);
    classification.answers(function, size, answers, first * classes);
  }

  /**
   * The same with values dropped.
   *
   * @param keys what the masks of each image of {@code pixels} are drawn from
   */
  void run(
      Consumer<double[]> function,
      Images pixels,
      long[] keys,
      int first,
      int size,
      float[] answers) {
    long[] mixed = new long[plan.batchSize()];
    Arrays.setAll(mixed, i -> i < size ? KeyedRandom.mix(keys[first + i]) : 0);
    plan.setDropoutKeys(mixed);
    run(function, pixels, first, size, answers);
  }

  @Override
  public void close() {
    plan.close();
  }
}
