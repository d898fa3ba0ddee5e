package dev.convoy.worker.accelerator.compiled;

import dev.convoy.data.random.KeyedRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Forward for one batch size, without dropout or with masks of every example's own. */
final class InferencePlan implements AutoCloseable {
  private final Plan plan;
  private final Tensor images;
  private final Tensor logits;
  private final Classification classification;

  /** Builds the plan; the arguments are those of {@link TrainingPlan}. */
  InferencePlan(
      List<Operation> operations,
      String imageName,
      long[] imageDimensions,
      ParameterMemory parameters) {
    int batchSize = Math.toIntExact(imageDimensions[0]);
    plan = new Plan(batchSize, false, parameters);
    images = plan.allocate(OneDnn.plainLayout(imageDimensions));
    List<Operation> fused = Fusion.fuse(operations, false);
    Map<String, Integer> uses = Operation.uses(fused);
    Map<String, Tensor> values = new HashMap<>();
    values.put(imageName, images);
    for (int i = 0; i < uses.get(imageName); i++) {
      images.buffer().hold(); // and once more between runs
    }
    for (Operation operation : fused) {
      List<Tensor> inputs = operation.inputs().stream().map(values::get).toList();
      Tensor output = operation.forward(plan, inputs).output();
      // One hold for each reader, so that the last one may overwrite it.
      for (int i = 1; i < uses.getOrDefault(operation.name(), 1); i++) {
        output.buffer().hold();
      }
      values.put(operation.name(), output);
      inputs.forEach(plan::release);
    }
    logits = values.get(fused.get(fused.size() - 1).name());
    classification = new Classification(batchSize, Math.toIntExact(logits.dimension(1)));
    plan.finish();
  }

  /**
   * Computes class probabilities.
   *
   * @param first image of the batch in {@code pixels}
   * @param size images in the batch, at most the plan's; the rest is computed in vain
   * @param probabilities of all images of {@code pixels}
   */
  void run(float[] pixels, int first, int size, float[] probabilities) {
    int values = Math.toIntExact(images.size() / plan.batchSize());
    images.values().put(pixels, first * values, size * values);
    plan.run();
    int classes = Math.toIntExact(logits.dimension(1));
    classification.probabilities(logits, size, probabilities, first * classes);
  }

  /**
   * Computes class probabilities with values dropped.
   *
   * @param keys what the masks of each image of {@code pixels} are drawn from
   */
  void run(float[] pixels, long[] keys, int first, int size, float[] probabilities) {
    long[] mixed = new long[plan.batchSize()];
    Arrays.setAll(mixed, i -> i < size ? KeyedRandom.mix(keys[first + i]) : 0);
    plan.setDropoutKeys(mixed);
    run(pixels, first, size, probabilities);
  }

  @Override
  public void close() {
    plan.close();
  }
}
