package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.ensemble.Respondents;

/**
 * An ensemble on a cluster, from its first member to its summary. Driver only.
 *
 * <p>Members are trained side by side; each is asked about images that it did not train on; from
 * that it is learned how they answer as one; and at the end, once, that answer is tested.
 */
public final class EnsembleRun {
  private final SparkCluster cluster;
  private final EnsembleDefinition definition;
  private final EnsembleDirectory directory;
  private final Progress progress;

  private EnsembleRun(
      SparkCluster cluster,
      EnsembleDefinition definition,
      EnsembleDirectory directory,
      Progress progress) {
    this.cluster = cluster;
    this.definition = definition;
    this.directory = directory;
    this.progress = progress;
  }

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
    return new EnsembleRun(cluster, definition, directory, progress).run();
  }

  private JsonNode run() {
    RunConfiguration example = definition.example();
    MemberSource source =
        definition
            .settings()
            .source()
            .search()
            .<MemberSource>map(search -> KeptTrials.of(search, example))
            .orElseGet(() -> new TrainedMembers(cluster, definition, directory, progress));
    try (DataPool images = new DataPool(cluster, progress, 1);
        DataPool.Lease lease = images.lease(example)) {
      TrainingData data = lease.data();
      directory.writeLabels(data.labels());
      Members members = source.members(data, images);
      JsonNode summary =
          members.answering().isEmpty()
              ? EnsembleSummary.withoutMembers(definition, members)
              : combine(members, data, images);
      directory.writeSummary(summary);
      return summary;
    }
  }

  private JsonNode combine(Members members, TrainingData data, DataPool images) {
    cluster.expectRuns(1);
    int samples = definition.settings().answer().dropoutSamples().orElse(0);
    Respondents respondents = members.respondents(samples);
    Answers answers = new Answers(cluster, definition.example(), data.labels().size(), progress);
    EnsembleSummary summary = new EnsembleSummary(definition, members, data);
    try (SetPredictions predictions = new SetPredictions(answers)) {
      predictions.askAboutUnseen(data, members, samples);
      CombinationSettings combination =
          new Combining(definition.settings())
              .learn(respondents.answers(), data.labels().size(), predictions.toLearnFrom());
      Artefact artefact = Artefact.of(definition, members, data, combination);
      directory.writeEnsemble(
          out -> EnsembleArchive.write(artefact.card(), artefact.models(), out));
      SingleNetworks networks =
          new SingleNetworks(cluster, definition, directory, answers, progress);
      networks.make(artefact, members, data, images, summary);
      data.test().ifPresent(test -> predictions.askAboutTest(test, respondents));
      ObjectNode statistics = summary.add(predictions, combination);
      networks.measure(data, summary);
      JsonNode result = summary.toJson(combination);
      new ResultFiles(definition, directory, data).write(predictions.sets(), statistics, result);
      return result;
    }
  }
}
