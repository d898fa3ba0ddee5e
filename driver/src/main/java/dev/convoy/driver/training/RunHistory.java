package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.directory.Checkpoint;
import dev.convoy.driver.directory.MetricsLog;
import dev.convoy.driver.directory.RecordChecksum;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.state.TrainingState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The rounds and evaluations of a run so far, as metrics.jsonl has them. Driver only. */
final class RunHistory {
  private final MetricsLog lines;
  private final List<Evaluation> evaluations = new ArrayList<>();

  private RunHistory(MetricsLog lines) {
    this.lines = lines;
    evaluations.addAll(lines.ofType(Evaluation.LINE_TYPE, Evaluation::of));
  }

  /** Of a run that begins. */
  static RunHistory empty(RunDirectory directory) {
    return new RunHistory(MetricsLog.empty(directory));
  }

  /** Of a run that goes on from a checkpoint. */
  static RunHistory resume(RunDirectory directory, Checkpoint checkpoint) {
    return new RunHistory(MetricsLog.resume(directory, checkpoint.metrics()));
  }

  void addRound(ObjectNode line) {
    lines.add(RecordChecksum.add(line));
  }

  void addEvaluation(ObjectNode line, Evaluation evaluation) {
    lines.add(RecordChecksum.add(line));
    evaluations.add(evaluation);
  }

  /** The evaluations on the validation images, in order; grows with the run. */
  List<Evaluation> evaluations() {
    return Collections.unmodifiableList(evaluations);
  }

  /** The lines of rounds, in order. */
  List<RoundLine> rounds() {
    return lines.ofType(Reports.ROUND, RoundLine::of);
  }

  /** The lines of evaluations, in order. */
  List<JsonNode> evaluationLines() {
    return lines.ofType(Evaluation.LINE_TYPE, line -> line);
  }

  /** The line of the evaluation that found the best parameters. */
  Optional<JsonNode> bestEvaluation(TrainingState state) {
    return state
        .best()
        .flatMap(
            best ->
                evaluationLines().stream()
                    .filter(line -> line.path("round").asLong() == best.round())
                    .findFirst());
  }

  /** Writes metrics.jsonl. */
  void flush() {
    lines.flush();
  }

  /** What a checkpoint must hold for the history to go on. */
  Checkpoint.Metrics position() {
    return lines.position();
  }
}
