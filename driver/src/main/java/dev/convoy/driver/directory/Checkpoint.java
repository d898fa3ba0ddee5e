package dev.convoy.driver.directory;

import dev.convoy.driver.state.TrainingState;
import java.util.List;

/**
 * What a run can go on from.
 *
 * @param state between two rounds
 * @param run which run it belongs to
 * @param metrics the metrics written so far
 */
public record Checkpoint(TrainingState state, RunKey run, Metrics metrics) {

  /**
   * Which run a checkpoint belongs to.
   *
   * @param data fingerprint of the training and validation listings
   * @param threads of each worker; other numbers give other bits
   */
  public record RunKey(long data, int threads) {}

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
