package dev.convoy.driver.cluster;

import dev.convoy.data.shard.Examples;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.training.EvaluationSums;
import dev.convoy.worker.training.Evaluator;
import java.util.Iterator;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** Evaluates a saved model on the executors. Driver only. */
public final class ModelEvaluation {
  private ModelEvaluation() {}

  /**
   * Evaluates on all shards; sums are taken in shard order.
   *
   * @param model the bytes of a model.zip
   */
  public static EvaluationSums evaluate(
      SparkCluster cluster, RunConfiguration configuration, ImageView images, byte[] model) {
    Broadcast<byte[]> broadcast = cluster.context().broadcast(model);
    try {
      return images.evaluate(new Evaluate(configuration.text().full(), images.loader(), broadcast));
    } finally {
      broadcast.destroy();
    }
  }

  private record Evaluate(
      String configurationText, ImageView.Loader loader, Broadcast<byte[]> modelBytes)
      implements Function2<Integer, Iterator<Integer>, Iterator<EvaluationSums>> {
    @Override
    public Iterator<EvaluationSums> call(Integer shard, Iterator<Integer> places) throws Exception {
      Examples images = loader.load(ShardedImages.drain(shard, places));
      ModelArchive.Model model = ModelArchive.read(modelBytes.value(), "the broadcast model");
      return Workers.compute(() -> evaluate(model, images));
    }

    private EvaluationSums evaluate(ModelArchive.Model model, Examples images) {
      InputShape input = model.card().input();
      try (Session network =
          Accelerator.open(
              Job.inference(model.network(), input),
              ConfigurationReader.readEffective(configurationText).accelerator())) {
        return Evaluator.evaluate(
            network,
            input.classes(),
            images,
            model.card().normalization(),
            Evaluator.batchSize(images.shape()));
      }
    }
  }
}
