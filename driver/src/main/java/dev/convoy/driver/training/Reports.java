package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.Text;
import dev.convoy.driver.averaging.RoundCosts;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.cluster.ImageView;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Best;
import dev.convoy.driver.state.TrainingState.Weights;
import dev.convoy.driver.training.ValidatedWeights.Candidate;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelCard;
import dev.convoy.worker.archive.ParameterDigest;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.GroupNorms;
import dev.convoy.worker.optimizer.LayerGroup;
import dev.convoy.worker.training.EvaluationSums;
import dev.convoy.worker.training.WorkerSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** What a run leaves behind: metrics, summary, model. */
final class Reports {
  /** The type of a round's lines in metrics.jsonl. */
  static final String ROUND = "round";

  /** In a round's line: what the workers' last steps did, by group of layers. */
  static final String LAYER_GROUPS = "layer-groups";

  /** In a group: the norm of its gradient, the mean of the workers. */
  static final String GRADIENT_NORM = "gradient-norm";

  /** In a group: the norm of what a step took off its weights, as a share of theirs. */
  static final String UPDATE_RATIO = "update-ratio";

  /** In a round's line: how long it took. */
  static final String SECONDS = "seconds";

  /** In a round's line: how long it would have taken if there were nothing but computing. */
  static final String COMPUTE_SECONDS = "compute-seconds";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Reports() {}

  /**
   * A line of metrics.jsonl for a round.
   *
   * @param seconds that it took
   * @param computeSeconds that it would have taken if there were nothing but computing
   * @param checkpointSeconds that the run waited for checkpoints since the round before
   */
  static ObjectNode round(
      TrainingState after,
      RoundResult result,
      double seconds,
      double computeSeconds,
      double checkpointSeconds) {
    ObjectNode line =
        JSON.objectNode()
            .put("type", ROUND)
            .put("epoch", after.position().epoch() + 1)
            .put("round", after.totals().rounds())
            .put("examples", result.examples())
            .put("loss", result.lossSum() / result.examples())
            .put("images-per-second", result.examples() / seconds)
            .put("waiting-share", result.waitingShare())
            .put(COMPUTE_SECONDS, computeSeconds)
            .put(SECONDS, seconds);
    line.set("milliseconds", milliseconds(result, seconds, computeSeconds, checkpointSeconds));
    line.putObject("bytes")
        .put("driver-in", result.costs().driverBytesIn())
        .put("busiest-executor-in", result.costs().executorBytesIn());
    line.put("spread", result.spread());
    line.set(LAYER_GROUPS, layerGroups(result.groupNorms()));
    return line;
  }

  private static ObjectNode milliseconds(
      RoundResult result, double seconds, double computeSeconds, double checkpointSeconds) {
    RoundCosts costs = result.costs();
    double known = costs.startMillis() + costs.sendMillis() + costs.reduceMillis();
    double computing = 1000 * computeSeconds;
    return JSON.objectNode()
        .put("start", costs.startMillis())
        .put("wait", computing * result.waitingShare())
        .put("compute", computing * (1 - result.waitingShare()))
        .put("send", costs.sendMillis())
        .put("reduce", costs.reduceMillis())
        .put("driver", Math.max(0, 1000 * seconds - computing - known))
        .put("checkpoint", 1000 * checkpointSeconds);
  }

  /** Groups that the network does not have, and what is not finite, are left out. */
  private static ObjectNode layerGroups(GroupNorms norms) {
    ObjectNode groups = JSON.objectNode();
    for (LayerGroup group : LayerGroup.values()) {
      ObjectNode node = JSON.objectNode();
      putFinite(node, GRADIENT_NORM, norms.gradient(group));
      putFinite(node, UPDATE_RATIO, norms.updateRatio(group));
      if (!node.isEmpty()) {
        groups.set(group.key(), node);
      }
    }
    return groups;
  }

  private static void putFinite(ObjectNode node, String field, double value) {
    if (Double.isFinite(value)) {
      node.put(field, value);
    }
  }

  /** A line of metrics.jsonl for an evaluation. */
  static ObjectNode validation(
      TrainingState after,
      ValidatedWeights validated,
      boolean improved,
      double seconds,
      TrainingData data) {
    EvaluationSums sums = validated.kept().sums();
    double trainingLoss = after.totals().epoch().meanLoss();
    ObjectNode line =
        JSON.objectNode()
            .put("type", "validation")
            .put("epoch", after.position().epoch() + 1)
            .put("round", after.totals().rounds())
            .put("examples", sums.examples());
    putScores(line, sums, data)
        .put("training-loss", trainingLoss)
        .put("gap", sums.loss() - trainingLoss)
        .put("improved", improved)
        .put("seconds", seconds);
    if (after.plateau().share() < 1) {
      line.put("rate-share", after.plateau().share());
    }
    if (validated.all().size() > 1) {
      line.put("weights", validated.kept().weights().key());
      for (Candidate candidate : validated.all()) {
        putScores(line.putObject(candidate.weights().key()), candidate.sums(), data);
      }
    }
    return line;
  }

  private static ObjectNode putScores(ObjectNode node, EvaluationSums sums, TrainingData data) {
    return EvaluationScores.put(node, sums, data.labels(), data.numberScale());
  }

  /** The same for a person. */
  static String validationLine(
      TrainingState after, ValidatedWeights validated, boolean improved, int epochs) {
    TrainingState.Totals totals = after.totals();
    EvaluationSums sums = validated.kept().sums();
    boolean isAverage = validated.kept().weights() == Weights.AVERAGE;
    return Text.of(
        "epoch %d/%d  train loss %.4f  validation loss %.4f  %s%s%s  %.0f images/s  %s",
        after.position().epoch() + 1,
        epochs,
        totals.epoch().meanLoss(),
        sums.loss(),
        sums.numberErrors()
            .map(errors -> Text.of("R² %.4f", errors.determination()))
            .orElseGet(() -> Text.of("accuracy %.2f %%", 100 * sums.accuracy())),
        isAverage ? " (moving average)" : "",
        improved ? " (best)" : "",
        totals.examples() / totals.seconds(),
        Progress.duration(totals.seconds()));
  }

  /** What summary.json holds. */
  static JsonNode summary(
      RunContext context,
      TrainingState state,
      float[] bestParameters,
      Optional<EvaluationSums> test,
      Optional<JsonNode> bestValidation) {
    RunConfiguration configuration = context.configuration();
    RunImages images = context.images();
    TrainingData data = context.data();
    ObjectNode summary = JSON.objectNode();
    summary
        .put("status", state.status().key())
        .put("model", configuration.model().name())
        .put("parameters", bestParameters.length)
        .put("epochs", state.epochsBegun())
        .put("rounds", state.totals().rounds())
        .put("workers", configuration.training().workers());
    summary
        .putObject("examples")
        .put("train", images.train().examples())
        .put("validation", images.validation().map(ImageView::examples).orElse(0L))
        .put("test", test.map(EvaluationSums::examples).orElse(0L))
        .put("seen", state.totals().examples())
        .put("quarantined", data.quarantined().size());
    state.best().ifPresent(best -> putBest(summary, best, bestValidation));
    test.ifPresent(sums -> putScores(summary.putObject("test"), sums, data));
    summary
        .putObject("throughput")
        .put("images-per-second", state.totals().examples() / state.totals().seconds())
        .put("seconds", state.totals().seconds());
    summary.put("parameter-sha256", ParameterDigest.sha256(bestParameters));
    summary.set("identity", context.identity().toJson());
    return summary;
  }

  /** Of numbers, what the line of metrics.jsonl says that the best validation left. */
  private static void putBest(ObjectNode summary, Best best, Optional<JsonNode> validation) {
    ObjectNode node = summary.putObject("best");
    node.put("epoch", best.epoch()).put("round", best.round()).put("validation-loss", best.loss());
    List<String> errors = EvaluationScores.OF_NUMBERS;
    validation
        .filter(line -> line.has(errors.get(0)))
        .ifPresentOrElse(
            line -> errors.forEach(error -> node.set("validation-" + error, line.path(error))),
            () -> node.put("validation-accuracy", best.accuracy()));
    if (best.weights() == Weights.AVERAGE) {
      node.put("weights", best.weights().key());
    }
  }

  /** Writes a network with these parameters. */
  static void writeModel(RunContext context, float[] parameters, OutputStream out)
      throws IOException {
    WorkerSettings settings = context.settings();
    RunConfiguration configuration = context.configuration();
    TrainingData data = context.data();
    ComputationGraph network = Models.undrawn(settings.model(), settings.loss(), settings.input());
    network.setParams(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    ModelArchive.write(
        network,
        new ModelCard(
            configuration.model().name(),
            configuration.data().store(),
            data.labels(),
            data.normalization(),
            data.numberScale()),
        out);
  }
}
