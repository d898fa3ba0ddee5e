package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.state.TrainingState;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended, or how far it came before it was suspended.
 *
 * @param status why it ended; {@link TrainingState.Status#RUNNING} if it was suspended and can go
 *     on
 * @param epochs that it has begun
 * @param best the evaluation of the best parameters; empty before the first
 * @param summary what summary.json holds, or would hold
 * @param evaluations on the validation images, in order
 */
public record TrainingOutcome(
    TrainingState.Status status,
    int epochs,
    Optional<Evaluation> best,
    JsonNode summary,
    List<Evaluation> evaluations) {
  /** Copies the evaluations. */
  public TrainingOutcome {
    evaluations = List.copyOf(evaluations);
  }
}
