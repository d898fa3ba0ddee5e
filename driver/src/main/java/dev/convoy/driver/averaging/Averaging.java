package dev.convoy.driver.averaging;

import dev.convoy.worker.optimizer.Segment;
import java.nio.file.Path;
import java.util.List;

/**
 * How a run's rounds are averaged.
 *
 * @param rule for the parameters
 * @param keepsOptimizerState whether the optimizer's state is averaged, rather than zeros again
 * @param segments of the parameters
 */
public record Averaging(AveragingRule rule, boolean keepsOptimizerState, List<Segment> segments) {
  /** The weighted mean of everything. */
  public static Averaging mean() {
    return new Averaging(new PlainMean(), true, List.of());
  }

  /**
   * Begins to take in the results of a round.
   *
   * @param shards whose results will come, in increasing order
   * @param directory for the temporary file, which exists only when it is needed
   */
  public RoundResult begin(ModelState before, Iterable<Integer> shards, Path directory) {
    return new RoundResult(rule.begin(before, segments), keepsOptimizerState, shards, directory);
  }
}
