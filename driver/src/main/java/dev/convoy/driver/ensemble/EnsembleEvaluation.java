package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.augment.TestTimeAugmentation;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.ensemble.statistics.ConfusionMatrix.ClassScores;
import dev.convoy.driver.ensemble.statistics.EnsembleStatistics;
import dev.convoy.driver.report.Progress;
import dev.convoy.worker.ensemble.EnsembleArchive;
import java.util.List;

/** Measures a saved ensemble on labelled images. Driver only. */
public final class EnsembleEvaluation {
  private EnsembleEvaluation() {}

  /**
   * What {@code convoy evaluate} prints of an ensemble; the images' classes are the ensemble's.
   *
   * @param augmentation what views of an image are averaged
   */
  public static ObjectNode evaluate(
      SparkCluster cluster,
      RunConfiguration configuration,
      EnsembleArchive.Ensemble ensemble,
      ShardedImages images,
      TestTimeAugmentation augmentation,
      Progress progress) {
    List<String> labels = ensemble.card().labels();
    try (PredictionTable table =
        new MemberPredictor(cluster, configuration, labels.size(), augmentation, progress)
            .predict(images, ensemble.predictionModels(), "asking about test")) {
      EnsembleStatistics statistics =
          EnsembleStatistics.of(
              table, ensemble.card().combination().combination(), configuration.seed());
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      result.put("model", ensemble.card().name()).put("members", ensemble.models().size());
      result
          .putObject("examples")
          .put("test", statistics.answers().examples())
          .put("quarantined", images.statistics().quarantined().size());
      result.set("test", EnsembleSummary.scores(statistics.quality().ensemble()));
      result.set("classes", classes(labels, statistics.quality().confusion().classes()));
      result.set("statistics", statistics.toJson());
      return result;
    }
  }

  /** How well each class is found, in the order of the labels; undefined numbers are left out. */
  public static ArrayNode classes(List<String> labels, List<ClassScores> classes) {
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    for (int label = 0; label < labels.size(); label++) {
      ClassScores scores = classes.get(label);
      ObjectNode entry =
          entries.addObject().put("class", labels.get(label)).put("examples", scores.support());
      if (Double.isFinite(scores.recall())) {
        entry.put("recall", scores.recall());
      }
      if (Double.isFinite(scores.precision())) {
        entry.put("precision", scores.precision());
      }
    }
    return entries;
  }
}
