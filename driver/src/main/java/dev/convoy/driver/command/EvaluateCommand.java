package dev.convoy.driver.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.augment.TestTimeAugmentation;
import dev.convoy.data.source.NumberScale;
import dev.convoy.data.source.Role;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.ModelEvaluation;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.StandardOutput;
import dev.convoy.driver.ensemble.EnsembleEvaluation;
import dev.convoy.driver.ensemble.statistics.ConfusionMatrix.ClassScores;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.DataSplit;
import dev.convoy.driver.training.EvaluationScores;
import dev.convoy.driver.training.Quarantine;
import dev.convoy.driver.training.TestImages;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.training.EvaluationSums;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code convoy evaluate}. */
@Command(
    name = "evaluate",
    customSynopsis = {EvaluateCommand.SYNOPSIS, ""},
    description = {
      "Measure a saved model or ensemble on the test images of a configuration.",
      "",
      "MODEL|ENSEMBLE is a model.zip or an ensemble.zip, or the directory of the run that wrote it."
    },
    mixinStandardHelpOptions = true)
final class EvaluateCommand extends ConfiguredCommand {
  static final String SYNOPSIS = "convoy evaluate MODEL|ENSEMBLE CONF [key.path=value …]";

  @Mixin private ViewsOption views;

  @Override
  String synopsis() {
    return SYNOPSIS;
  }

  @Override
  int leadingArguments() {
    return 1;
  }

  @Override
  int run(RunConfiguration configuration) {
    if (!configuration.data().isTested()) {
      throw new ConfigurationException(
          "data.test: expected where the test images are, or which fraction of data.train they are,"
              + " found null or off");
    }
    TestTimeAugmentation augmentation = views.augmentation();
    Progress progress = progress();
    EnsembleArchive.Ensemble ensemble =
        ModelFile.read(leading(0), ImageLocations.hadoop(configuration.spark().settings()));
    EnsembleCard card = ensemble.card();
    Optional<NumberScale> scale = ModelFile.numberScale(ensemble);
    requireSameLabels(configuration, scale.isPresent());
    if (!card.store().equals(configuration.data().store())) {
      throw new ConfigurationException(
          card.store().input().equals(configuration.data().shape())
              ? "data.store: expected what the model was trained with, " + card.store()
              : "data.image = "
                  + configuration.data().shape()
                  + ": expected the shape of the model's images, "
                  + card.store().input());
    }
    try (SparkCluster cluster = SparkCluster.start(configuration, progress)) {
      TestImages test =
          TestImages.list(configuration.data(), progress).orElseThrow().relabel(card.labels());
      try (ShardedImages images =
          ShardedImages.pack(
              cluster,
              configuration,
              test.role(),
              test.location(),
              DataSplit.inOrder(
                  scale
                      .map(known -> known.standardise(test.images().listing()))
                      .orElse(test.images().listing()),
                  configuration.training().workers()),
              card.labels().size(),
              progress)) {
        new Quarantine(configuration.data().quality(), progress)
            .add(
                Role.TEST,
                test.location(),
                images.statistics().examples(),
                images.statistics().quarantined());
        ObjectNode result =
            ensemble.kind() == EnsembleArchive.Kind.MODEL
                ? describe(
                    card,
                    scale,
                    ModelEvaluation.evaluate(
                        cluster,
                        configuration,
                        images.view(),
                        ensemble.models().get(0),
                        augmentation),
                    images)
                : EnsembleEvaluation.evaluate(
                    cluster, configuration, ensemble, images, augmentation, progress);
        if (augmentation != TestTimeAugmentation.NONE) {
          result.put("augment", views.name());
        }
        StandardOutput.results().println(result.toPrettyString());
      }
    }
    return ExitCode.DONE;
  }

  /** What a model of classes says of numbers means nothing, nor the other way round. */
  private static void requireSameLabels(RunConfiguration configuration, boolean isOfNumbers) {
    if (configuration.data().isOfNumbers() != isOfNumbers) {
      throw new ConfigurationException(
          "data.columns.numbers = %s: expected %s",
          configuration.data().columns().numbers(),
          isOfNumbers
              ? "the columns of the numbers that the model has learned"
              : "[] for a model that tells classes apart");
    }
  }

  private static ObjectNode describe(
      EnsembleCard card, Optional<NumberScale> scale, EvaluationSums sums, ShardedImages images) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("model", card.name());
    result
        .putObject("examples")
        .put("test", sums.examples())
        .put("quarantined", images.statistics().quarantined().size());
    EvaluationScores.put(result.putObject("test"), sums, card.labels(), scale);
    if (scale.isPresent()) {
      return result;
    }
    long[] actual = sums.actual();
    long[] predicted = sums.predicted();
    List<ClassScores> classes =
        IntStream.range(0, actual.length)
            .mapToObj(i -> ClassScores.of(sums.confusion(i, i), predicted[i], actual[i]))
            .toList();
    result.set("classes", EnsembleEvaluation.classes(card.labels(), classes));
    return result;
  }
}
