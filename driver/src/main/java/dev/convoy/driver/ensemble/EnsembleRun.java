package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.AverageWeights;
import dev.convoy.driver.configuration.EnsembleSettings.Source;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.ensemble.Respondents;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
   * @throws ConfigurationException if members need more workers than there are slots
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
    Source source = definition.settings().source();
    Optional<Members> kept = source.search().map(search -> KeptTrials.of(search, example));
    TrainedMembers trained = new TrainedMembers(cluster, definition, directory, progress);
    try (DataPool images = new DataPool(cluster, progress, 1);
        DataPool.Lease lease = images.lease(example)) {
      TrainingData data = lease.data();
      directory.writeLabels(data.labels());
      requireDropout(data);
      Members members = kept.orElseGet(() -> trained.train(images));
      JsonNode summary =
          members.answering().isEmpty()
              ? EnsembleSummary.withoutMembers(members)
              : combine(data, images, members);
      directory.writeSummary(summary);
      return summary;
    }
  }

  /** Asking a network several times is pointless if it says the same every time. */
  private void requireDropout(TrainingData data) {
    EnsembleSettings settings = definition.settings();
    if (settings.answer().dropoutSamples().isEmpty() || settings.source().search().isPresent()) {
      return;
    }
    WorkerSettings worker = Workers.settings(definition.example(), data.labels().size(), 1);
    try (LocalTrainer network = new LocalTrainer(worker)) {
      if (!network.hasDropout()) {
        throw new ConfigurationException(
            "ensemble.dropout-samples = "
                + settings.answer().dropoutSamples().getAsInt()
                + ": expected a network with dropout, such as model.dropout = 0.25, found "
                + definition.example().model().name()
                + " without");
      }
    }
  }

  private JsonNode combine(TrainingData data, DataPool images, Members members) {
    cluster.expectRuns(1);
    Answers answers = new Answers(cluster, definition.example(), data.labels().size(), progress);
    EnsembleSummary summary = new EnsembleSummary(definition, members, data);
    int samples = definition.settings().answer().dropoutSamples().orElse(0);
    Respondents respondents = members.respondents(samples);
    try (Tables tables = new Tables()) {
      data.validation()
          .ifPresent(
              validation ->
                  tables.add(
                      "validation",
                      answers.about(validation, respondents, "asking about validation")));
      if (members.answering().stream().anyMatch(Member::leavesOut)) {
        tables.add("out-of-bag", answers.outOfBag(data, members.answering(), samples));
      }
      CombinationSettings combination =
          new Combining(definition.settings())
              .learn(
                  respondents.answers(),
                  data.labels().size(),
                  tables.get("validation").or(() -> tables.get("out-of-bag")));
      Artefact artefact = Artefact.of(definition, members, data, combination);
      directory.writeEnsemble(
          out -> EnsembleArchive.write(artefact.card(), artefact.models(), out));
      List<SingleNetwork> networks = singleNetworks(artefact, data, images, members, summary);
      Optional<ShardedImages> test = data.test();
      test.ifPresent(
          tested -> tables.add("test", answers.about(tested, respondents, "asking about test")));
      ObjectNode statistics = JsonNodeFactory.instance.objectNode();
      tables
          .all()
          .forEach(
              (name, table) ->
                  statistics.set(
                      name, summary.add(name, table, tables.fitting(name, combination))));
      for (SingleNetwork network : networks) {
        SingleNetworks.Measured measured =
            new SingleNetworks(definition, answers).measure(network, data, test);
        directory.writeNetwork(network.name(), measured.file());
        summary.add(network, measured.scores());
      }
      JsonNode result = summary.toJson(combination);
      new ResultFiles(definition, directory, data).write(tables.all(), statistics, result);
      return result;
    }
  }

  /** The mean of the members' weights and the network that learned from them, where wished. */
  private List<SingleNetwork> singleNetworks(
      Artefact artefact,
      TrainingData data,
      DataPool images,
      Members members,
      EnsembleSummary summary) {
    List<SingleNetwork> networks = new ArrayList<>();
    EnsembleSettings settings = definition.settings();
    if (settings.averageWeights() != AverageWeights.OFF) {
      WeightAverage average =
          new WeightAverage.Search(cluster, data, members.answering(), settings.metric(), progress)
              .find(settings.averageWeights());
      summary.add(average, settings.metric());
      average.network(members.answering()).ifPresent(networks::add);
    }
    if (settings.distillation().isPresent()) {
      Distillation distillation = new Distillation(cluster, definition, directory, progress);
      distillation.distil(artefact, images).ifPresent(networks::add);
    }
    return networks;
  }

  /** Predictions by what they are about. */
  private static final class Tables implements AutoCloseable {
    private final Map<String, PredictionTable> tables = new TreeMap<>();

    void add(String name, PredictionTable table) {
      tables.put(name, table);
    }

    Optional<MemberPredictions> get(String name) {
      return Optional.ofNullable(tables.get(name));
    }

    /**
     * How members are combined where some of them are not asked: without a temperature that was
     * fitted where all are: fewer need another one.
     */
    CombinationSettings fitting(String name, CombinationSettings combination) {
      return name.equals("out-of-bag") && tables.containsKey("validation")
          ? CombinationSettings.of(combination.members(), combination.classes(), combination.rule())
          : combination;
    }

    Map<String, PredictionTable> all() {
      return tables;
    }

    @Override
    public void close() {
      tables.values().forEach(PredictionTable::close);
    }
  }
}
