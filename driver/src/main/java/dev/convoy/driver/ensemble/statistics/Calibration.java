package dev.convoy.driver.ensemble.statistics;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether confidence, the probability of the most probable class, equals accuracy, in bins of equal
 * width (Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017).
 *
 * @param expectedError Σ (bin's share of examples) · |accuracy − mean confidence|, from 0 to 1; NaN
 *     without examples
 * @param maximumError the largest |accuracy − mean confidence| of a bin with examples, from 0 to 1;
 *     NaN without examples
 * @param bins of n, the i-th counted from 0 holds confidences above i/n, up to and with (i + 1)/n
 */
public record Calibration(double expectedError, double maximumError, List<Bin> bins) {
  /** The usual number of bins. */
  static final int BINS = 15;

  /**
   * A bar of a reliability diagram.
   *
   * @param examples whose confidence falls into it
   * @param meanConfidence of these examples; NaN without any
   * @param accuracy of these examples; NaN without any
   */
  public record Bin(long examples, double meanConfidence, double accuracy) {
    private double error() {
      return Math.abs(accuracy - meanConfidence);
    }
  }

  /** Counts answers. */
  static final class Sums {
    private final long[] examples;
    private final long[] right;
    private final double[] confidenceSums;

    Sums(int bins) {
      examples = new long[bins];
      right = new long[bins];
      confidenceSums = new double[bins];
    }

    void add(double confidence, boolean isRight) {
      int bin = bin(confidence);
      examples[bin]++;
      right[bin] += isRight ? 1 : 0;
      confidenceSums[bin] += confidence;
    }

    /** Compares with the bounds, because the product below is rounded. */
    private int bin(double confidence) {
      int last = examples.length - 1;
      int bin = Math.max(0, Math.min(last, (int) Math.ceil(confidence * examples.length) - 1));
      if (bin > 0 && confidence <= lower(bin)) {
        return bin - 1;
      }
      return bin < last && confidence > lower(bin + 1) ? bin + 1 : bin;
    }

    private double lower(int bin) {
      return (double) bin / examples.length;
    }

    Calibration result() {
      List<Bin> bins =
          IntStream.range(0, examples.length)
              .mapToObj(
                  i ->
                      new Bin(
                          examples[i],
                          confidenceSums[i] / examples[i],
                          (double) right[i] / examples[i]))
              .toList();
      List<Bin> filled = bins.stream().filter(bin -> bin.examples() > 0).toList();
      long all = filled.stream().mapToLong(Bin::examples).sum();
      return new Calibration(
          filled.stream().mapToDouble(bin -> bin.examples() * bin.error()).sum() / (double) all,
          filled.stream().mapToDouble(Bin::error).max().orElse(Double.NaN),
          bins);
    }
  }
}
