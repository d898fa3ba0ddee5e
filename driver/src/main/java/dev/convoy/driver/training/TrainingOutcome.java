package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.state.TrainingState;
import java.util.List;

/**
 * How a run ended, or how far it came before it was suspended.
 *
 * @param status why it ended; {@link TrainingState.Status#RUNNING} if it was suspended and can go
 *     on
 * @param summary what summary.json holds, or would hold
 * @param evaluations on the validation images, in order
 */
public record TrainingOutcome(
    TrainingState.Status status, JsonNode summary, List<Evaluation> evaluations) {
  /** Copies the evaluations. */
  public TrainingOutcome {
    evaluations = List.copyOf(evaluations);
  }
}
