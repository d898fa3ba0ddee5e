package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.Probabilities;
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
 */
public final class TemperatureFit {
  /** The least that is tried. */
  static final double LOWEST = 0.05;

  /** The most that is tried. */
  static final double HIGHEST = 20;

  private static final double PRECISION = 1e-12;
  private static final int ORDER = 5;
  private static final int MAX_PASSES = 100;

  private final MemberPredictions predictions;
  private final Combination combination;

  private TemperatureFit(MemberPredictions predictions, Combination combination) {
    this.predictions = predictions;
    this.combination = combination;
  }

  /**
   * Fits to the examples that at least one member takes part in.
   *
   * @param combination without temperature, made for as many members and classes; one that takes a
   *     temperature
   * @return from {@value #LOWEST} to {@value #HIGHEST}; an end where the best lies beyond it; 1 if
   *     it makes no difference
   * @throws IllegalArgumentException if there are no such examples
   */
  public static double of(MemberPredictions predictions, Combination combination) {
    AnsweredExamples.indices(predictions);
    return new TemperatureFit(predictions, combination).best();
  }

  private double best() {
    double lowest = slope(LOWEST);
    double highest = slope(HIGHEST);
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
                logTemperature -> slope(StrictMath.exp(logTemperature)),
                StrictMath.log(LOWEST),
                StrictMath.log(HIGHEST),
                AllowedSolution.ANY_SIDE));
  }

  /**
   * The slope of the mean cross-entropy over 1 / temperature: Σ q (z - z_label), q being the
   * softened probabilities. It falls as the temperature rises, and is exactly 0 if all logits are
   * equal.
   */
  private double slope(double temperature) {
    double[] combined = new double[predictions.classes()];
    double[] sum = new double[1];
    int count =
        predictions.forEachAnswered(
            (example, answers) -> {
              combination.combine(answers.probabilities(), answers.parts(), combined);
              sum[0] += slope(combined, predictions.label(example), temperature);
            });
    return sum[0] / count;
  }

  /** Of one example; overwrites its probabilities. */
  private static double slope(double[] combined, int label, double temperature) {
    for (int i = 0; i < combined.length; i++) {
      combined[i] = -Probabilities.crossEntropy(combined[i]);
    }
    double labels = combined[label];
    for (int i = 0; i < combined.length; i++) {
      combined[i] -= labels;
    }
    double largest = combined[Probabilities.argmax(combined)];
    double sum = 0;
    double weighted = 0;
    for (double difference : combined) {
      double mass = StrictMath.exp((difference - largest) / temperature);
      sum += mass;
      weighted += mass * difference;
    }
    return weighted / sum;
  }
}
