package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.List;

/**
 * The keys of the files that scripts read, each with the type of its value. They are a contract
 * that only grows: whoever changes one of these lines changes it for everybody who reads the files.
 */
final class DocumentedKeys {
  private static final List<String> SCORES =
      List.of(
          "examples number",
          "accuracy number",
          "loss number",
          "brier number",
          "calibration-error number");

  private DocumentedKeys() {}

  /** summary.json of a run with validation and test images. */
  static void ofSummary(JsonNode summary) {
    check(
        summary,
        "status string",
        "model string",
        "parameters number",
        "epochs number",
        "rounds number",
        "workers number",
        "examples/train number",
        "examples/validation number",
        "examples/test number",
        "examples/seen number",
        "examples/quarantined number",
        "test/loss number",
        "test/accuracy number",
        "throughput/images-per-second number",
        "throughput/seconds number",
        "parameter-sha256 string");
    assertThat(summary.path("status").asText())
        .isIn("completed", "early-stopped", "time-limit", "diverged");
    assertThat(summary.path("parameter-sha256").asText()).matches("[0-9a-f]{64}");
  }

  /** What summary.json tells of the best epoch, where there are validation images. */
  static void ofBest(JsonNode summary) {
    check(
        summary,
        "best/epoch number",
        "best/validation-loss number",
        "best/validation-accuracy number");
  }

  /** metrics.jsonl: a line for every round and every validation. */
  static void ofMetrics(List<JsonNode> lines) {
    assertThat(lines)
        .extracting(line -> line.path("type").asText())
        .contains("round", "validation");
    for (JsonNode line : lines) {
      check(
          line,
          "type string",
          "epoch number",
          "round number",
          "examples number",
          "loss number",
          "seconds number");
      if (line.path("type").asText().equals("round")) {
        check(
            line,
            "images-per-second number",
            "waiting-share number",
            "compute-seconds number",
            "milliseconds/start number",
            "milliseconds/wait number",
            "milliseconds/compute number",
            "milliseconds/send number",
            "milliseconds/reduce number",
            "milliseconds/driver number",
            "milliseconds/checkpoint number",
            "bytes/driver-in number",
            "bytes/busiest-executor-in number",
            "spread number",
            "layer-groups/output/gradient-norm number",
            "layer-groups/output/update-ratio number");
      } else {
        check(line, "accuracy number", "training-loss number", "gap number", "improved boolean");
      }
    }
  }

  /** What evaluate prints of a model. */
  static void ofEvaluation(JsonNode evaluation) {
    check(
        evaluation,
        "model string",
        "examples/test number",
        "examples/quarantined number",
        "test/loss number",
        "test/accuracy number",
        "classes/0/class string",
        "classes/0/examples number",
        "classes/0/recall number");
  }

  /** A line of what predict writes as JSON, of an image that could be read. */
  static void ofPrediction(JsonNode line) {
    check(
        line,
        "path string",
        "class string",
        "probabilities object",
        "entropy number",
        "disagreement number");
  }

  /** The header of what predict writes as CSV, before the classes. */
  static void ofPredictionHeader(String header) {
    assertThat(header).startsWith("path,class,entropy,disagreement,error,p:");
  }

  /** summary.json of a search; what its refit came to stands beside it. */
  static void ofSearch(JsonNode summary, String metric) {
    check(
        summary,
        "search/status string",
        "search/trials/begun number",
        "search/epochs number",
        "search/seconds number",
        "search/refit string",
        "search/best/trial number",
        "search/best/epoch number",
        "search/best/" + metric + " number",
        "search/best/values object");
  }

  /** trials.jsonl: a line when a trial begins, and one when it ends. */
  static void ofTrials(List<JsonNode> lines, String metric) {
    for (JsonNode line : lines) {
      check(
          line,
          "trial number",
          "state string",
          "rung number",
          "values object",
          "elapsed-seconds number",
          "epochs-spent number");
      if (!line.path("state").asText().equals("running")) {
        check(
            line,
            "epochs number",
            "trained-epochs number",
            metric + " number",
            "best-epoch number",
            "curve/0/0 number",
            "curve/0/1 number",
            "seconds number");
      }
    }
  }

  /** The header of leaderboard.csv. */
  static void ofLeaderboard(String header, String metric) {
    assertThat(header).startsWith("rank,trial,state,epochs," + metric + ",").endsWith(",seconds");
  }

  /** summary.json of a bagged ensemble with out-of-bag and test images. */
  static void ofEnsemble(JsonNode summary) {
    check(
        summary,
        "status string",
        "model string",
        "members/0/member number",
        "members/0/run string",
        "members/0/seed number",
        "members/0/parameter-sha256 string",
        "left-out array",
        "examples/train number",
        "examples/validation number",
        "examples/test number",
        "examples/quarantined number",
        "combination/rule string",
        "combination/members number",
        "combination/classes number");
    for (String set : List.of("out-of-bag", "test", "validation")) {
      for (String score : SCORES) {
        check(summary, set + "/" + score);
      }
      for (String score : SCORES.subList(1, SCORES.size())) {
        check(summary, set + "/mean-member/" + score);
      }
    }
  }

  /** statistics.json of the same. */
  static void ofStatistics(JsonNode statistics) {
    for (String set : List.of("out-of-bag", "test", "validation")) {
      check(
          statistics.path(set),
          "answers/members number",
          "answers/examples number",
          "answers/unanswered number",
          "quality/ensemble object",
          "quality/members array",
          "diversity object",
          "member-count object",
          "decomposition object",
          "doubt/least-sure/examples array");
    }
  }

  /** A line is a path, whose parts are keys or places in an array, and the type of its value. */
  private static void check(JsonNode value, String... keys) {
    for (String key : keys) {
      String[] parts = key.split(" ", -1);
      assertThat(value.at("/" + parts[0]).getNodeType())
          .as("%s in %s", parts[0], value)
          .isEqualTo(JsonNodeType.valueOf(parts[1].toUpperCase(java.util.Locale.ROOT)));
    }
  }
}
