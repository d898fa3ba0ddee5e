package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.directory.RunIdentity;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.ensemble.statistics.EnsembleStatistics;
import dev.convoy.driver.ensemble.statistics.Scores;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.CombinationJson;
import dev.convoy.worker.ensemble.CombinationSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** summary.json of an ensemble. */
final class EnsembleSummary {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final EnsembleDefinition definition;
  private final Members members;
  private final TrainingData data;
  private final Map<String, ObjectNode> sets = new LinkedHashMap<>();
  private final Map<String, ObjectNode> networks = new LinkedHashMap<>();
  private final ObjectNode examples = JSON.objectNode();

  EnsembleSummary(EnsembleDefinition definition, Members members, TrainingData data) {
    this.definition = definition;
    this.members = members;
    this.data = data;
    examples.put("train", data.train().statistics().examples());
  }

  /** Of an ensemble without any trained member. */
  static JsonNode withoutMembers(EnsembleDefinition definition, Members members) {
    ObjectNode summary = JSON.objectNode().put("status", "diverged");
    putMembers(summary, members);
    putIdentity(summary, definition);
    return summary;
  }

  /** Adds the scores of the predictions; returns all statistics, by the set of images. */
  Map<String, EnsembleStatistics> add(PredictionSets predictions, CombinationSettings combination) {
    Map<String, EnsembleStatistics> statistics = new LinkedHashMap<>();
    predictions
        .sets()
        .forEach(
            (set, table) ->
                statistics.put(set, add(set, table, predictions.fitting(set, combination))));
    return statistics;
  }

  private EnsembleStatistics add(
      String name, MemberPredictions predictions, CombinationSettings combination) {
    EnsembleStatistics statistics =
        EnsembleStatistics.of(predictions, combination.combination(), definition.settings().seed());
    Scores ensemble = statistics.quality().ensemble();
    List<Scores> alone = statistics.quality().members();
    ObjectNode set = scores(predictions, combination, ensemble);
    ObjectNode single = set.putObject("mean-member");
    single.put("accuracy", mean(alone, Scores::accuracy));
    single.put("loss", mean(alone, Scores::negativeLogLikelihood));
    single.put("brier", mean(alone, Scores::brier));
    single.put("calibration-error", mean(alone, scores -> scores.calibration().expectedError()));
    if (statistics.answers().unanswered() > 0) {
      set.put("unanswered", statistics.answers().unanswered());
    }
    sets.put(name, set);
    if (!name.equals(PredictionSets.OUT_OF_BAG)) {
      examples.put(name, ensemble.examples());
    }
    return statistics;
  }

  /** Adds the mean of the members' weights. */
  void add(WeightAverage average, EarlyStopping.Metric metric) {
    ObjectNode node = JSON.objectNode().put("kept", average.isKept());
    node.set("members", numbers(average.members()));
    node.put(metric.key(), average.metric()).put("best-member", average.bestMember());
    networks.put("average", node);
  }

  private ArrayNode numbers(List<Integer> places) {
    ArrayNode numbers = JSON.arrayNode();
    places.stream().sorted().map(members.answering()::get).forEach(m -> numbers.add(m.number()));
    return numbers;
  }

  /** Notes that distillation diverged. */
  void addFailedDistillation() {
    networks.put("distilled", JSON.objectNode().put("status", "diverged"));
  }

  /** Adds the scores of a single network made of the ensemble. */
  void add(SingleNetwork network, ObjectNode scores) {
    ObjectNode node = networks.computeIfAbsent(network.name(), name -> JSON.objectNode());
    node.put("parameter-sha256", network.provenance().sha256());
    node.setAll(scores);
  }

  /** The headline scores, with those before temperature. */
  static ObjectNode scores(
      MemberPredictions predictions, CombinationSettings combination, Scores scores) {
    ObjectNode node = scores(scores);
    if (combination.temperature() != 1) {
      node.set("before-temperature", scores(Scores.of(predictions, combination.rule())));
    }
    return node;
  }

  /** The headline scores. */
  static ObjectNode scores(Scores scores) {
    return JSON.objectNode()
        .put("examples", scores.examples())
        .put("accuracy", scores.accuracy())
        .put("loss", scores.negativeLogLikelihood())
        .put("brier", scores.brier())
        .put("calibration-error", scores.calibration().expectedError());
  }

  /** Of those that take part in an example. */
  private static double mean(List<Scores> scores, ToDoubleFunction<Scores> value) {
    return scores.stream()
        .filter(member -> member.examples() > 0)
        .mapToDouble(value)
        .average()
        .orElse(Double.NaN);
  }

  JsonNode toJson(CombinationSettings combination) {
    ObjectNode summary = JSON.objectNode().put("status", "completed");
    summary.put("model", members.answering().get(0).run().model().name());
    putMembers(summary, members);
    examples.put("quarantined", data.quarantined().size());
    summary.set("examples", examples);
    ObjectNode how = CombinationJson.toNode(combination);
    how.remove(List.of("coefficients", "intercepts"));
    summary.set("combination", how);
    sets.forEach(summary::set);
    networks.forEach(summary::set);
    putIdentity(summary, definition);
    return summary;
  }

  private static void putIdentity(ObjectNode summary, EnsembleDefinition definition) {
    summary.set("identity", RunIdentity.of(definition.text()).toJson());
  }

  private static void putMembers(ObjectNode summary, Members members) {
    ArrayNode answering = summary.putArray("members");
    for (Member member : members.answering()) {
      ObjectNode provenance = MAPPER.valueToTree(member.provenance());
      answering.addObject().put("member", member.number()).setAll(provenance);
    }
    summary.set("left-out", MAPPER.valueToTree(members.leftOut()));
  }
}
