package dev.convoy.driver.directory;

import dev.convoy.driver.state.TrainingState;
import java.util.List;

/**
 * What a run can go on from.
 *
 * @param state between two rounds
 * @param identity of the run it belongs to
 * @param metrics the metrics written so far
 */
public record Checkpoint(TrainingState state, RunIdentity identity, Metrics metrics) {

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
