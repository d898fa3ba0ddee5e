package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;
import java.util.List;

/**
 * The examples that are most worth a look.
 *
 * @param examples by descending predictive entropy, of equals the earlier ones first
 */
public record LeastSure(List<Example> examples) {

  /**
   * One that the ensemble is not sure of.
   *
   * @param example which it is, counted from 0
   * @param id in the listing of its source
   * @param label its class
   * @param predicted what the ensemble takes it for
   * @param probability that it gives that class
   * @param labelProbability that it gives the example's own class
   * @param predictiveEntropy of the ensemble's answer, in nats
   */
  public record Example(
      int example,
      int id,
      int label,
      int predicted,
      double probability,
      double labelProbability,
      double predictiveEntropy) {}

  /** Copies. */
  public LeastSure {
    examples = List.copyOf(examples);
  }

  /**
   * Of the examples in which a member takes part.
   *
   * @param count how many examples, at least 0
   */
  public static LeastSure of(MemberPredictions predictions, Combination combination, int count) {
    LeastSureQueue queue = new LeastSureQueue(count);
    EnsembleAnswer.forEach(predictions, combination, queue::add);
    return queue.leastSure();
  }
}
