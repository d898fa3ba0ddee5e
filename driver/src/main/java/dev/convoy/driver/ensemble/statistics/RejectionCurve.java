package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;
import java.util.List;

/**
 * What is gained by leaving out the examples that the ensemble is least sure of: those of the
 * highest predictive entropy, of equals the later ones first (Geifman and El-Yaniv, "Selective
 * Classification for Deep Neural Networks", NeurIPS 2017).
 *
 * @param area mean over n of the accuracy on the n surest examples, from 0 to 1: 1 less their area
 *     under the curve of risk over coverage; NaN without examples
 * @param points at most a hundred, by ascending share; the last keeps all
 */
public record RejectionCurve(double area, List<Point> points) {

  /**
   * Of the surest examples.
   *
   * @param keptShare how many of all, from above 0 to 1
   * @param accuracy share of them taken for the right class
   */
  public record Point(double keptShare, double accuracy) {}

  /** Copies. */
  public RejectionCurve {
    points = List.copyOf(points);
  }

  /** Of the examples in which a member takes part. */
  public static RejectionCurve of(MemberPredictions predictions, Combination combination) {
    RejectionSums sums = new RejectionSums(predictions.examples());
    EnsembleAnswer.forEach(predictions, combination, sums::add);
    return sums.curve();
  }
}
