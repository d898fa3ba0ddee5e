package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.Text;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.ensemble.statistics.EnsembleStatistics;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.worker.ensemble.CombinationMethods;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An ensemble on a cluster, from its first member to its summary. Driver only.
 *
 * <p>Members are trained side by side; each predicts images that it did not train on; from these
 * predictions the combination is learned; at the end the ensemble is tested, once.
 */
public record EnsembleRun(
    SparkCluster cluster,
    EnsembleDefinition definition,
    EnsembleDirectory directory,
    Progress progress) {
  /**
   * Trains an ensemble, or goes on with one that was killed.
   *
   * @return what summary.json holds
   * @throws dev.convoy.driver.configuration.ConfigurationException if members need more workers
   *     than there are slots
   * @throws dev.convoy.data.DataException if the images cannot be used
   * @throws dev.convoy.driver.directory.OutputException if the directory cannot be written
   */
  public JsonNode run() {
    RunConfiguration example = definition.example();
    Optional<KeptTrials> kept =
        definition.settings().source().search().map(search -> KeptTrials.of(search, example));
    Optional<TrainedMembers> trained =
        kept.isPresent() ? Optional.empty() : Optional.of(new TrainedMembers(this));
    try (DataPool images = new DataPool(cluster, progress, 1);
        DataPool.Lease lease = images.lease(example)) {
      TrainingData data = lease.data();
      kept.ifPresent(trials -> trials.requireUnchanged(data));
      int answers = answers(kept);
      requireLearnable(answers, data.labels().size());
      requireRoom(data, answers, leavesOut(kept));
      directory.writeLines(EnsembleDirectory.LABELS, data.labels());
      Members members =
          kept.map(KeptTrials::members).orElseGet(() -> trained.orElseThrow().train(data, images));
      JsonNode summary = combine(members, data, images);
      directory.writeSummary(summary);
      return summary;
    }
  }

  /** How many answers there are to each image, if no member is left out. */
  private int answers(Optional<KeptTrials> kept) {
    EnsembleSettings settings = definition.settings();
    return kept.map(trials -> trials.members().answering().size()).orElse(settings.members())
        * Math.max(1, settings.answer().dropoutSamples().orElse(1));
  }

  private boolean leavesOut(Optional<KeptTrials> kept) {
    return kept.map(trials -> trials.members().answering().stream().anyMatch(Member::leavesOut))
        .orElseGet(definition::leavesOut);
  }

  /** Before members are trained, which can take days. */
  private void requireRoom(TrainingData data, int answers, boolean leavesOut) {
    long examples =
        Stream.of(
                leavesOut ? Optional.of(data.train()) : Optional.<ShardedImages>empty(),
                data.validation(),
                data.test())
            .flatMap(Optional::stream)
            .flatMap(images -> images.listings().stream())
            .mapToLong(Listing::size)
            .sum();
    PredictionTable.requireRoom(examples, answers, data.labels().size(), MemberPredictor.scratch());
  }

  /** Before members are trained, which can take days. */
  private void requireLearnable(int answers, int classes) {
    ComponentSettings combine = definition.settings().answer().combine();
    int most = CombinationMethods.FAMILY.create(combine).mostClasses(answers);
    if (classes > most) {
      throw new ConfigurationException(
          Text.of(
              "ensemble.combine = %s: expected at most %,d classes with %d answers to each image,"
                  + " found %,d; soft and weighted combine any number",
              combine.name(), most, answers, classes));
    }
  }

  /** The summary; members whose answers are no numbers are left out. */
  private JsonNode combine(Members members, TrainingData data, DataPool images) {
    if (members.answering().isEmpty()) {
      return EnsembleSummary.withoutMembers(definition, members);
    }
    cluster.expectRuns(1);
    int samples = definition.settings().answer().dropoutSamples().orElse(0);
    MemberPredictor predictor =
        new MemberPredictor(cluster, definition.example(), data.labels().size(), progress);
    Set<Integer> broken;
    try (PredictionSets predictions = new PredictionSets(predictor)) {
      predictions.predictUnseen(data, members, samples);
      data.test()
          .ifPresent(test -> predictions.predictTest(test, members.predictionModels(samples)));
      broken =
          IntStream.range(0, members.answering().size())
              .filter(place -> predictions.isBroken(place, samples))
              .boxed()
              .collect(Collectors.toSet());
      if (broken.isEmpty()) {
        return combine(members, predictor, predictions, data, images);
      }
    }
    return combine(withoutBroken(members, broken), data, images);
  }

  private JsonNode combine(
      Members members,
      MemberPredictor predictor,
      PredictionSets predictions,
      TrainingData data,
      DataPool images) {
    EnsembleSettings settings = definition.settings();
    int samples = settings.answer().dropoutSamples().orElse(0);
    EnsembleSummary summary = new EnsembleSummary(definition, members, data);
    CombinationSettings combination =
        CombinationFit.learn(
            settings,
            members.predictionModels(samples).answers(),
            data.labels().size(),
            predictions.toLearnFrom());
    SavedEnsemble saved = SavedEnsemble.of(definition, members, data, combination);
    directory.write(
        EnsembleDirectory.ENSEMBLE,
        out -> EnsembleArchive.write(saved.card(), saved.models(), out));
    SingleNetworks networks = new SingleNetworks(this, predictor);
    networks.train(saved, members, data, images, summary);
    Map<String, EnsembleStatistics> statistics = summary.add(predictions, combination);
    networks.measure(data, summary);
    JsonNode result = summary.toJson(combination);
    new ResultFiles(definition, directory, data).write(predictions.sets(), statistics, result);
    return result;
  }

  private Members withoutBroken(Members members, Set<Integer> broken) {
    for (int place : broken) {
      progress.say(
          Text.of(
              "member %d is left out: its answers are no numbers",
              members.answering().get(place).number()));
    }
    return members.without(broken);
  }
}
