package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.ensemble.statistics.EnsembleStatistics;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.ensemble.PredictionModels;
import java.util.Map;
import java.util.Optional;

/**
 * An ensemble on a cluster, from its first member to its summary. Driver only.
 *
 * <p>Members are trained side by side; each predicts images that it did not train on; from these
 * predictions the combination is learned; at the end the ensemble is tested, once.
 */
public final class EnsembleRun {
  private EnsembleRun() {}

  /**
   * Trains an ensemble, or goes on with one that was killed.
   *
   * @return what summary.json holds
   * @throws dev.convoy.driver.configuration.ConfigurationException if members need more workers
   *     than there are slots
   * @throws dev.convoy.data.DataException if the images cannot be used
   * @throws dev.convoy.driver.directory.OutputException if the directory cannot be written
   */
  public static JsonNode run(
      SparkCluster cluster,
      EnsembleDefinition definition,
      EnsembleDirectory directory,
      Progress progress) {
    return run(new EnsembleJob(cluster, definition, directory, progress));
  }

  private static JsonNode run(EnsembleJob job) {
    EnsembleDefinition definition = job.definition();
    RunConfiguration example = definition.example();
    Optional<Members> kept =
        definition.settings().source().search().map(search -> KeptTrials.of(search, example));
    Optional<TrainedMembers> trained =
        kept.isPresent() ? Optional.empty() : Optional.of(new TrainedMembers(job));
    try (DataPool images = new DataPool(job.cluster(), job.progress(), 1);
        DataPool.Lease lease = images.lease(example)) {
      TrainingData data = lease.data();
      job.directory().writeLabels(data.labels());
      Members members = kept.orElseGet(() -> trained.orElseThrow().train(data, images));
      JsonNode summary =
          members.answering().isEmpty()
              ? EnsembleSummary.withoutMembers(definition, members)
              : combine(job, members, data, images);
      job.directory().writeSummary(summary);
      return summary;
    }
  }

  private static JsonNode combine(
      EnsembleJob job, Members members, TrainingData data, DataPool images) {
    EnsembleDefinition definition = job.definition();
    int classes = data.labels().size();
    job.cluster().expectRuns(1);
    int samples = definition.settings().answer().dropoutSamples().orElse(0);
    PredictionModels models = members.predictionModels(samples);
    MemberPredictor predictor =
        new MemberPredictor(job.cluster(), definition.example(), classes, job.progress());
    EnsembleSummary summary = new EnsembleSummary(definition, members, data);
    try (PredictionSets predictions = new PredictionSets(predictor)) {
      predictions.predictUnseen(data, members, samples);
      CombinationSettings combination =
          CombinationFit.learn(
              definition.settings(), models.answers(), classes, predictions.toLearnFrom());
      SavedEnsemble saved = SavedEnsemble.of(definition, members, data, combination);
      job.directory()
          .writeEnsemble(out -> EnsembleArchive.write(saved.card(), saved.models(), out));
      SingleNetworks networks = new SingleNetworks(job, predictor);
      networks.train(saved, members, data, images, summary);
      data.test().ifPresent(test -> predictions.predictTest(test, models));
      Map<String, EnsembleStatistics> statistics = summary.add(predictions, combination);
      networks.measure(data, summary);
      JsonNode result = summary.toJson(combination);
      new ResultFiles(definition, job.directory(), data)
          .write(predictions.sets(), statistics, result);
      return result;
    }
  }
}
