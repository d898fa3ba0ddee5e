package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.ensemble.fit.TemperatureFit;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.ensemble.statistics.Scores;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.Respondents;
import dev.convoy.worker.ensemble.SoftVote;
import java.util.List;
import java.util.Optional;

/** Calibrates and measures networks that were made of an ensemble, each as an ensemble of one. */
final class SingleNetworks {
  private final EnsembleDefinition definition;
  private final Answers answers;

  SingleNetworks(EnsembleDefinition definition, Answers answers) {
    this.definition = definition;
    this.answers = answers;
  }

  /**
   * What a network is worth.
   *
   * @param scores by what it was asked about
   * @param file of the calibrated network
   */
  record Measured(ObjectNode scores, EnsembleDirectory.Content file) {}

  Measured measure(SingleNetwork network, TrainingData data, Optional<ShardedImages> test) {
    int classes = data.labels().size();
    List<byte[]> models = List.of(network.model());
    ObjectNode scores = JsonNodeFactory.instance.objectNode();
    CombinationSettings alone = CombinationSettings.of(1, classes, new SoftVote());
    if (data.validation().isPresent()) {
      try (PredictionTable table = about(network, data.validation().get(), "validation")) {
        if (definition.settings().answer().calibrate()) {
          double temperature = TemperatureFit.of(table, alone.rule()).temperature();
          alone = new CombinationSettings(1, classes, alone.rule(), temperature);
        }
        scores.put("temperature", alone.temperature());
        scores.set("validation", scores(table, alone));
      }
    }
    if (test.isPresent()) {
      try (PredictionTable table = about(network, test.get(), "test")) {
        scores.set("test", scores(table, alone));
      }
    }
    EnsembleCard card =
        new EnsembleCard(
            definition.example().name() + "-" + network.name(),
            definition.example().data().shape(),
            data.labels(),
            alone,
            List.of(network.provenance()),
            0);
    return new Measured(scores, out -> EnsembleArchive.write(card, models, out));
  }

  private PredictionTable about(SingleNetwork network, ShardedImages images, String what) {
    return answers.about(
        images,
        Respondents.of(List.of(network.model())),
        "asking the " + network.name() + " about " + what);
  }

  private static ObjectNode scores(PredictionTable table, CombinationSettings alone) {
    return EnsembleSummary.scores(table, alone, Scores.of(table, alone.combination()));
  }
}
