package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.AverageWeights;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.directory.FileContent;
import dev.convoy.driver.ensemble.fit.TemperatureFit;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.ensemble.statistics.Scores;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.Respondents;
import dev.convoy.worker.ensemble.SoftVote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Networks that are made of an ensemble: the mean of the members' weights, and one that learns from
 * the ensemble. Each is calibrated and measured as an ensemble of one, and leaves a file as that.
 * Driver only.
 */
final class SingleNetworks {
  private final SparkCluster cluster;
  private final EnsembleDefinition definition;
  private final EnsembleDirectory directory;
  private final Answers answers;
  private final Progress progress;
  private final List<SingleNetwork> networks = new ArrayList<>();

  SingleNetworks(
      SparkCluster cluster,
      EnsembleDefinition definition,
      EnsembleDirectory directory,
      Answers answers,
      Progress progress) {
    this.cluster = cluster;
    this.definition = definition;
    this.directory = directory;
    this.answers = answers;
    this.progress = progress;
  }

  /** Makes those that are wished. */
  void make(
      Artefact ensemble,
      Members members,
      TrainingData data,
      DataPool images,
      EnsembleSummary summary) {
    EnsembleSettings settings = definition.settings();
    if (settings.averageWeights() != AverageWeights.OFF) {
      WeightAverage average =
          new WeightAverage.Search(cluster, data, members.answering(), settings.metric(), progress)
              .find(settings.averageWeights());
      summary.add(average, settings.metric());
      average.network(members.answering()).ifPresent(networks::add);
    }
    if (settings.distillation().isPresent()) {
      new Distillation(cluster, definition, directory, progress)
          .distil(ensemble, images)
          .ifPresentOrElse(networks::add, summary::addFailedDistillation);
    }
  }

  /** Calibrates those that were made, says what they are worth, and writes their files. */
  void measure(TrainingData data, EnsembleSummary summary) {
    for (SingleNetwork network : networks) {
      Measured measured = measure(network, data);
      directory.writeNetwork(network.name(), measured.file());
      summary.add(network, measured.scores());
    }
  }

  /**
   * What a network is worth.
   *
   * @param scores by what it was asked about
   * @param file of the calibrated network
   */
  private record Measured(ObjectNode scores, FileContent file) {}

  private Measured measure(SingleNetwork network, TrainingData data) {
    Optional<ShardedImages> test = data.test();
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
