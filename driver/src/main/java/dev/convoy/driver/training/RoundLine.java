package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.worker.optimizer.GroupNorms;
import dev.convoy.worker.optimizer.LayerGroup;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What reports need of a round's line in metrics.jsonl, in little memory: a run may have hundreds
 * of thousands.
 *
 * @param epoch of the run, counted from 1
 * @param round which of the run, counted from 1
 * @param loss the mean of its examples', each before the step that it took part in, in nats
 * @param seconds that it took
 * @param computeSeconds that it would have taken if there were nothing but computing
 * @param norms by group of layers
 */
record RoundLine(
    int epoch, long round, double loss, double seconds, double computeSeconds, GroupNorms norms) {
  /** Of a line of the type {@link Reports#ROUND}. */
  static RoundLine of(JsonNode line) {
    return new RoundLine(
        line.path("epoch").asInt(),
        line.path("round").asLong(),
        line.path("loss").asDouble(Double.NaN),
        line.path(Reports.SECONDS).asDouble(),
        line.path(Reports.COMPUTE_SECONDS).asDouble(),
        GroupNorms.of(of(line, Reports.GRADIENT_NORM), of(line, Reports.UPDATE_RATIO)));
  }

  private static ToDoubleFunction<LayerGroup> of(JsonNode line, String field) {
    JsonNode groups = line.path(Reports.LAYER_GROUPS);
    return group -> groups.path(group.key()).path(field).asDouble(Double.NaN);
  }

  /** The update ratios of all groups that have one. */
  DoubleStream updateRatios() {
    return Arrays.stream(LayerGroup.values())
        .mapToDouble(norms::updateRatio)
        .filter(Double::isFinite);
  }
}
