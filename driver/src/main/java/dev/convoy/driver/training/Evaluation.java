package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One evaluation on the validation images.
 *
 * @param epoch epochs begun then, counted from 1
 * @param round rounds trained then
 * @param loss mean cross-entropy, in nats
 * @param accuracy in [0, 1]
 */
public record Evaluation(int epoch, long round, double loss, double accuracy) {
  /** The type of its lines in metrics.jsonl. */
  static final String LINE_TYPE = "validation";

  /** From its line in metrics.jsonl. */
  public static Evaluation of(JsonNode line) {
    return new Evaluation(
        line.path("epoch").asInt(),
        line.path("round").asLong(),
        number(line.path("loss")),
        number(line.path("accuracy")));
  }

  /** From the best one in a summary. */
  static Evaluation ofSummary(JsonNode best) {
    return new Evaluation(
        best.path("epoch").asInt(),
        best.path("round").asLong(),
        number(best.path("validation-loss")),
        number(best.path("validation-accuracy")));
  }

  /** JSON has no NaN: Jackson writes it as text. */
  private static double number(JsonNode value) {
    return value.isNumber() ? value.asDouble() : Double.NaN;
  }
}
