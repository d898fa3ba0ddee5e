package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.Text;
import dev.convoy.driver.report.Plot;
import dev.convoy.driver.report.Plot.Axis;
import dev.convoy.driver.report.Plot.Mark;
import dev.convoy.driver.report.Plot.Series;
import dev.convoy.driver.report.ReportPage;
import dev.convoy.worker.optimizer.GroupNorms;
import dev.convoy.worker.optimizer.LayerGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * The curves of a run as a page of HTML: losses, the gap between them, accuracy, and by group of
 * layers the norm of the gradient and what a step changes. Driver only; immutable.
 */
final class TrainingReport {
  private static final ReportPage PAGE =
      new ReportPage(TrainingReport.class, "training-report.html");

  /** Beyond so many rounds a point is the mean of several. */
  private static final int MOST_POINTS = 1_000;

  private final List<RoundLine> rounds;
  private final List<JsonNode> evaluations;
  private final CurveReading reading;

  /**
   * Of the lines of metrics.jsonl.
   *
   * @param rounds lines of rounds, in order
   * @param evaluations lines of validations, in order
   */
  TrainingReport(List<RoundLine> rounds, List<JsonNode> evaluations) {
    this.rounds = List.copyOf(rounds);
    this.evaluations = List.copyOf(evaluations);
    this.reading = CurveReading.of(rounds, evaluations);
  }

  /** What the curves suggest. */
  List<String> suggestions() {
    return reading.suggestions();
  }

  /**
   * Writes the page, which needs nothing but itself.
   *
   * @param name of the run
   * @param status that it ended with
   * @param out not closed
   * @throws IOException if it cannot be written
   */
  void write(String name, String status, OutputStream out) throws IOException {
    ObjectNode data = JsonNodeFactory.instance.objectNode().put("name", name);
    data.put(
        "summary",
        Text.of("%s, %d rounds, %d validations", status, rounds.size(), evaluations.size()));
    suggestions().forEach(data.putArray("suggestions")::add);
    data.set("plots", Plot.toJson(plots()));
    PAGE.write(data, out);
  }

  private List<Plot> plots() {
    Axis round = Axis.linear("round");
    return List.of(
        new Plot(
            "Loss",
            round,
            Axis.linear("loss"),
            List.of(
                Series.of("training", rounds, RoundLine::round, RoundLine::loss, MOST_POINTS),
                ofEvaluations("validation", "loss")),
            List.of()),
        new Plot(
            "Gap: validation loss minus training loss",
            round,
            Axis.linear("gap"),
            List.of(ofEvaluations("gap", "gap")),
            List.of()),
        new Plot(
            "Accuracy on validation images",
            round,
            Axis.linear("accuracy"),
            List.of(ofEvaluations("accuracy", "accuracy")),
            List.of()),
        new Plot(
            "R² on validation images",
            round,
            Axis.linear("R²"),
            List.of(ofEvaluations("R²", "r2")),
            List.of()),
        new Plot(
            "Norm of the gradient by group of layers",
            round,
            Axis.logarithmic("norm"),
            byGroup(GroupNorms::gradient),
            List.of()),
        new Plot(
            "Update over weights by group of layers",
            round,
            Axis.logarithmic("ratio"),
            byGroup(GroupNorms::updateRatio),
            List.of(new Mark("usual", CurveReading.USUAL_UPDATE_RATIO, false))));
  }

  private List<Series> byGroup(ToDoubleBiFunction<GroupNorms, LayerGroup> value) {
    return Arrays.stream(LayerGroup.values())
        .map(
            group ->
                Series.of(
                    group.key(),
                    rounds,
                    RoundLine::round,
                    line -> value.applyAsDouble(line.norms(), group),
                    MOST_POINTS))
        .filter(series -> !series.y().isEmpty())
        .toList();
  }

  private Series ofEvaluations(String name, String field) {
    return Series.of(
        name,
        evaluations,
        line -> line.path("round").asDouble(),
        line -> line.path(field).asDouble(Double.NaN),
        MOST_POINTS);
  }
}
