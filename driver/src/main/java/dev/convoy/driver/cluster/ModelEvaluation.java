package dev.convoy.driver.cluster;

import dev.convoy.data.augment.TestTimeAugmentation;
import dev.convoy.data.shard.Examples;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.training.EvaluationSums;
import dev.convoy.worker.training.Evaluator;

/** Evaluates a saved model on the executors. Driver only. */
public final class ModelEvaluation {
  private ModelEvaluation() {}

  /**
   * Evaluates on all shards; sums are taken in shard order.
   *
   * @param model the bytes of a model.zip
   * @param augmentation what views of an image are averaged
   */
  public static EvaluationSums evaluate(
      SparkCluster cluster,
      RunConfiguration configuration,
      ImageView images,
      byte[] model,
      TestTimeAugmentation augmentation) {
    Accelerator.Settings accelerator = configuration.accelerator();
    int threads = cluster.threads(configuration);
    return cluster.broadcasting(
        model,
        bytes ->
            images.evaluate(
                (shard, examples) -> {
                  ModelArchive.Model restored =
                      ModelArchive.read(bytes.value(), "the broadcast model");
                  return NetworkGuard.compute(
                      () ->
                          GpuLeases.here()
                              .with(
                                  accelerator,
                                  device ->
                                      evaluate(restored, device, threads, examples, augmentation)));
                }));
  }

  private static EvaluationSums evaluate(
      ModelArchive.Model model,
      Accelerator.Settings accelerator,
      int threads,
      Examples examples,
      TestTimeAugmentation augmentation) {
    InputShape input = model.card().input();
    try (Session network =
        Accelerator.open(Job.inference(model.network(), input, threads), accelerator)) {
      return Evaluator.evaluate(
          network,
          input.classes(),
          examples,
          model.card().normalization(),
          Evaluator.batchSize(examples.input()),
          augmentation);
    }
  }
}
