package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.AverageWeights;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.ensemble.fit.TemperatureFit;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.ensemble.statistics.Scores;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.PredictionModels;
import dev.convoy.worker.ensemble.SoftVote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Single networks made of an ensemble: the mean of the members' weights, and one that learns from
 * the ensemble. Each is calibrated, measured and saved as an ensemble of one. Driver only.
 */
final class SingleNetworks {
  private final EnsembleRun ensembleRun;
  private final EnsembleDefinition definition;
  private final MemberPredictor predictor;
  private final List<SingleNetwork> networks = new ArrayList<>();

  SingleNetworks(EnsembleRun ensembleRun, MemberPredictor predictor) {
    this.ensembleRun = ensembleRun;
    this.definition = ensembleRun.definition();
    this.predictor = predictor;
  }

  /** Makes the networks that the settings ask for. */
  void train(
      SavedEnsemble ensemble,
      Members members,
      TrainingData data,
      DataPool images,
      EnsembleSummary summary) {
    EnsembleSettings settings = definition.settings();
    if (settings.averageWeights() != AverageWeights.OFF) {
      WeightAverage average =
          new WeightAverage.Search(
                  ensembleRun.cluster(),
                  data,
                  members.answering(),
                  settings.metric(),
                  ensembleRun.progress())
              .find(settings.averageWeights());
      summary.add(average, settings.metric());
      average.network(members.answering()).ifPresent(networks::add);
    }
    if (settings.distillation().isPresent()) {
      new Distillation(ensembleRun)
          .distil(ensemble, images)
          .ifPresentOrElse(networks::add, summary::addFailedDistillation);
    }
  }

  /** Calibrates and measures the networks, and writes their files. */
  void measure(TrainingData data, EnsembleSummary summary) {
    for (SingleNetwork network : networks) {
      summary.add(network, measure(network, data));
    }
  }

  /** The scores by the set of images. */
  private ObjectNode measure(SingleNetwork network, TrainingData data) {
    Optional<ShardedImages> test = data.test();
    int classes = data.labels().size();
    ObjectNode scores = JsonNodeFactory.instance.objectNode();
    CombinationSettings alone = CombinationSettings.of(1, classes, new SoftVote());
    if (data.validation().isPresent()) {
      try (PredictionTable table = about(network, data.validation().get(), "validation")) {
        if (definition.settings().answer().calibrate()) {
          double temperature = TemperatureFit.of(table, alone.rule());
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
            definition.example().data().store(),
            data.labels(),
            alone,
            List.of(network.provenance()),
            0);
    ensembleRun
        .directory()
        .write(
            EnsembleDirectory.networkFile(network.name()),
            out -> EnsembleArchive.write(card, List.of(network.model()), out));
    return scores;
  }

  private PredictionTable about(SingleNetwork network, ShardedImages images, String what) {
    return predictor.predict(
        images,
        PredictionModels.of(List.of(network.model())),
        "asking the " + network.name() + " about " + what);
  }

  private static ObjectNode scores(PredictionTable table, CombinationSettings alone) {
    return EnsembleSummary.scores(table, alone, Scores.of(table, alone.combination()));
  }
}
