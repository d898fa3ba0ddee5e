package dev.convoy.driver.directory;

import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.directory.RunIdentity.Field;
import dev.convoy.driver.state.TrainingState;
import java.util.List;

/**
 * What a run can go on from.
 *
 * @param state between two rounds
 * @param identity of the run it belongs to, with the number of its parameters
 * @param metrics the metrics written so far
 */
public record Checkpoint(TrainingState state, RunIdentity identity, Metrics metrics) {
  /** Counts the parameters: a checkpoint of an older version does not say how many there are. */
  public Checkpoint {
    int parameters = state.model().vectors().get(ModelState.PARAMETERS).length();
    identity = identity.with(Field.PARAMETERS, parameters);
  }

  /**
   * Where metrics.jsonl stood.
   *
   * @param written how many of its lines were in the file
   * @param pending the lines after those
   */
  public record Metrics(int written, List<String> pending) {
    /** Copies the lines. */
    public Metrics {
      pending = List.copyOf(pending);
    }
  }
}
