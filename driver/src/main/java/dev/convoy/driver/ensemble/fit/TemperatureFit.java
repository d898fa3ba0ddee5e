package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;
import org.apache.commons.math3.analysis.solvers.AllowedSolution;
import org.apache.commons.math3.analysis.solvers.BracketingNthOrderBrentSolver;

/**
 * The temperature that makes a combination's probabilities true: the one with the least mean
 * cross-entropy of softmax(log p / T). Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern
 * Neural Networks", ICML 2017. Driver only.
 *
 * <p>The cross-entropy is convex in 1 / T, so its slope has one zero at most, which is what is
 * looked for, on log T: that finds T to nearly all its digits, where a search for the least value
 * would find half of them. Some ten passes over the predictions, and no memory for each example.
 *
 * @param temperature from {@value #LOWEST} to {@value #HIGHEST}; an end where the best lies beyond
 *     it; 1 if it makes no difference
 * @param lossBefore mean cross-entropy in nats without temperature
 * @param lossAfter the same with it
 */
public record TemperatureFit(double temperature, double lossBefore, double lossAfter) {
  /** The least that is tried. */
  public static final double LOWEST = 0.05;

  /** The most that is tried. */
  public static final double HIGHEST = 20;

  private static final double PRECISION = 1e-12;
  private static final int ORDER = 5;
  private static final int MAX_PASSES = 100;

  /**
   * Fits to the examples that at least one member takes part in.
   *
   * @param combination without temperature, made for as many members and classes; not a hard vote,
   *     which can have no temperature
   * @throws IllegalArgumentException if there are no such examples
   */
  public static TemperatureFit of(MemberPredictions predictions, Combination combination) {
    CombinedLogits logits = new CombinedLogits(predictions, combination);
    double temperature = best(logits);
    return new TemperatureFit(temperature, logits.plainLoss(), logits.loss(temperature));
  }

  private static double best(CombinedLogits logits) {
    double lowest = logits.slope(LOWEST);
    double highest = logits.slope(HIGHEST);
    if (lowest == 0 && highest == 0) {
      return 1;
    }
    if (lowest <= 0) {
      return LOWEST;
    }
    if (highest >= 0) {
      return HIGHEST;
    }
    return StrictMath.exp(
        new BracketingNthOrderBrentSolver(PRECISION, ORDER)
            .solve(
                MAX_PASSES,
                logTemperature -> logits.slope(StrictMath.exp(logTemperature)),
                StrictMath.log(LOWEST),
                StrictMath.log(HIGHEST),
                AllowedSolution.ANY_SIDE));
  }
}
