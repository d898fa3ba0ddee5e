package dev.convoy.driver.trial;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.termination.CurvePoint;
import dev.convoy.driver.trial.TrialResult.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A line of the record: a piece of work has begun or ended.
 *
 * @param trial counted from 0
 * @param rung that it is, or was, trained to
 * @param result where it stands; running if the work has begun
 * @param values what was drawn, by column
 * @param clock when it was
 */
public record TrialEvent(
    int trial, int rung, TrialResult result, SortedMap<String, Object> values, Clock clock) {

  /** Whole numbers are read as they are drawn: as Longs. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  private static final TypeReference<TreeMap<String, Object>> VALUES = new TypeReference<>() {};

  /**
   * When something was.
   *
   * @param seconds that the piece of work took
   * @param elapsedSeconds over all attempts
   * @param epochsSpent of all trials by then
   */
  public record Clock(double seconds, double elapsedSeconds, long epochsSpent) {}

  /** The same with another result. */
  TrialEvent with(TrialResult other) {
    return new TrialEvent(trial, rung, other, values, clock);
  }

  /** Whether the work has begun, rather than ended. */
  public boolean isBeginning() {
    return result.state() == TrialState.RUNNING;
  }

  ObjectNode toJson(String noun, EarlyStopping.Metric metric) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put(noun, trial).put("state", result.state().key()).put("rung", rung);
    if (!isBeginning()) {
      putResult(line, metric);
    }
    ObjectNode drawn = line.putObject("values");
    values.forEach((key, value) -> drawn.putPOJO(key, value));
    if (!isBeginning()) {
      line.put("seconds", clock.seconds());
    }
    return line.put("elapsed-seconds", clock.elapsedSeconds())
        .put("epochs-spent", clock.epochsSpent());
  }

  private void putResult(ObjectNode line, EarlyStopping.Metric metric) {
    Score score = result.score();
    line.put("epochs", result.epochs()).put("trained-epochs", result.epochsSpent());
    if (score.metric().isPresent()) {
      line.put(metric.key(), score.metric().getAsDouble()).put("best-epoch", score.bestEpoch());
    }
    score.standardError().ifPresent(error -> line.put("standard-error", error));
    if (!result.reason().isEmpty()) {
      line.put("reason", result.reason());
    }
    if (!result.curve().isEmpty()) {
      ArrayNode curve = line.putArray("curve");
      result.curve().forEach(point -> curve.addArray().add(point.epoch()).add(point.metric()));
    }
  }

  /** Reads what was written with the same noun and metric. */
  public static TrialEvent of(JsonNode line, String noun, EarlyStopping.Metric metric) {
    return new TrialEvent(
        line.path(noun).asInt(),
        line.path("rung").asInt(),
        new TrialResult(
            TrialState.of(line.path("state").asText()),
            line.path("epochs").asInt(),
            line.path("trained-epochs").asLong(),
            new Score(
                number(line.path(metric.key())),
                number(line.path("standard-error")),
                line.path("best-epoch").asInt()),
            curve(line.path("curve")),
            line.path("reason").asText("")),
        JSON.convertValue(line.required("values"), VALUES),
        new Clock(
            line.path("seconds").asDouble(),
            line.path("elapsed-seconds").asDouble(),
            line.path("epochs-spent").asLong()));
  }

  private static OptionalDouble number(JsonNode value) {
    return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
  }

  private static List<CurvePoint> curve(JsonNode points) {
    List<CurvePoint> curve = new ArrayList<>();
    for (JsonNode point : points) {
      curve.add(new CurvePoint(point.path(0).asInt(), number(point.path(1)).orElse(Double.NaN)));
    }
    return curve;
  }
}
