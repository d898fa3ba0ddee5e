package dev.convoy.worker.training;

import dev.convoy.data.source.NumberScale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How far predicted numbers are from the true ones, by output; means over several outputs are plain
 * ones, as scikit-learn has them by default. Immutable.
 *
 * @param examples that were evaluated
 * @param sums axes [output, 4]: of squared errors, of absolute errors, of the true numbers and of
 *     their squares; not to be changed
 */
public record NumberErrors(long examples, double[] sums) {
  private static final int EACH = 4;
  private static final int SQUARED_ERRORS = 0;
  private static final int ABSOLUTE_ERRORS = 1;
  private static final int NUMBERS = 2;
  private static final int SQUARES = 3;

  /** Takes in one example after the other. */
  static final class Collector {
    private final double[] sums;
    private long examples;

    Collector(int outputs) {
      sums = new double[EACH * outputs];
    }

    /**
     * Adds an example.
     *
     * @param row its predicted numbers
     * @param numbers the true ones
     */
    void add(double[] row, float[] numbers) {
      for (int output = 0; output < numbers.length; output++) {
        double error = row[output] - numbers[output];
        int at = EACH * output;
        sums[at + SQUARED_ERRORS] += error * error;
        sums[at + ABSOLUTE_ERRORS] += Math.abs(error);
        sums[at + NUMBERS] += numbers[output];
        sums[at + SQUARES] += (double) numbers[output] * numbers[output];
      }
      examples++;
    }

    NumberErrors errors() {
      return new NumberErrors(examples, sums);
    }
  }

  /** How many numbers are predicted of an example. */
  public int outputs() {
    return sums.length / EACH;
  }

  /** The same errors of numbers that were standardised, in their own units. */
  public NumberErrors unscaled(NumberScale scale) {
    double[] unscaled = sums.clone();
    for (int output = 0; output < outputs(); output++) {
      double deviation = scale.deviations()[output];
      int at = EACH * output;
      unscaled[at + SQUARED_ERRORS] *= deviation * deviation;
      unscaled[at + ABSOLUTE_ERRORS] *= deviation;
      // Of the numbers less their mean, whose variance is the same and whose sums round less.
      unscaled[at + NUMBERS] *= deviation;
      unscaled[at + SQUARES] *= deviation * deviation;
    }
    return new NumberErrors(examples, unscaled);
  }

  /** The mean absolute error of an output. */
  public double meanAbsoluteError(int output) {
    return sums[EACH * output + ABSOLUTE_ERRORS] / examples;
  }

  /** The root of the mean squared error of an output. */
  public double rootMeanSquaredError(int output) {
    return Math.sqrt(sums[EACH * output + SQUARED_ERRORS] / examples);
  }

  /**
   * The coefficient of determination of an output, 1 - Σ(y - t)² / Σ(t - mean of t)²: 1 if all are
   * right, 0 for the mean of what is evaluated; not a number where all numbers are the same.
   */
  public double determination(int output) {
    int at = EACH * output;
    double spread = sums[at + SQUARES] - sums[at + NUMBERS] * sums[at + NUMBERS] / examples;
    return spread > 0 ? 1 - sums[at + SQUARED_ERRORS] / spread : Double.NaN;
  }

  /** The mean of {@link #meanAbsoluteError(int)}. */
  public double meanAbsoluteError() {
    return mean(this::meanAbsoluteError);
  }

  /** The mean of {@link #rootMeanSquaredError(int)}. */
  public double rootMeanSquaredError() {
    return mean(this::rootMeanSquaredError);
  }

  /** The mean of {@link #determination(int)}. */
  public double determination() {
    return mean(this::determination);
  }

  private double mean(IntToDoubleFunction ofOutput) {
    return IntStream.range(0, outputs()).mapToDouble(ofOutput).average().orElse(Double.NaN);
  }
}
