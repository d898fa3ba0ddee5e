package dev.convoy.driver.ensemble.statistics;

import java.util.List;

/**
 * Whether answers are right as often as they say: their confidence, the probability of the most
 * probable class, against their accuracy, in bins of equal width (Guo, Pleiss, Sun and Weinberger,
 * "On Calibration of Modern Neural Networks", ICML 2017).
 *
 * @param expectedError Σ (bin's share of examples) · |accuracy − mean confidence|, from 0 to 1; NaN
 *     without examples
 * @param maximumError the largest |accuracy − mean confidence| of a bin that has examples, from 0
 *     to 1; NaN without examples
 * @param bins of n, the i-th counted from 0 takes confidences above i/n, up to and with (i + 1)/n
 */
public record Calibration(double expectedError, double maximumError, List<Bin> bins) {
  /** How many bins there are where nothing speaks for another number. */
  public static final int BINS = 15;

  /**
   * The points of a reliability diagram.
   *
   * @param examples whose confidence falls into it
   * @param meanConfidence theirs; NaN without examples
   * @param accuracy theirs; NaN without examples
   */
  public record Bin(long examples, double meanConfidence, double accuracy) {}

  /** Copies. */
  public Calibration {
    bins = List.copyOf(bins);
  }
}
