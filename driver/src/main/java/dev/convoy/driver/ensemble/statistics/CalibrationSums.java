package dev.convoy.driver.ensemble.statistics;

import java.util.List;
import java.util.stream.IntStream;

/** Adds up {@link Calibration}. */
final class CalibrationSums {
  private final long[] examples;
  private final long[] right;
  private final double[] confidenceSums;

  /**
   * Nothing yet.
   *
   * @throws IllegalArgumentException if there is no bin
   */
  CalibrationSums(int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException(
          "Cannot measure calibration: expected at least 1 bin, found " + bins);
    }
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

  /** The product is rounded: where it falls on the wrong side of a bound, the bound decides. */
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

  Calibration calibration() {
    List<Calibration.Bin> bins =
        IntStream.range(0, examples.length)
            .mapToObj(
                i ->
                    new Calibration.Bin(
                        examples[i],
                        confidenceSums[i] / examples[i],
                        (double) right[i] / examples[i]))
            .toList();
    List<Calibration.Bin> filled = bins.stream().filter(bin -> bin.examples() > 0).toList();
    long all = filled.stream().mapToLong(Calibration.Bin::examples).sum();
    double expected =
        filled.stream().mapToDouble(bin -> bin.examples() * gap(bin)).sum() / (double) all;
    double maximum = filled.stream().mapToDouble(CalibrationSums::gap).max().orElse(Double.NaN);
    return new Calibration(expected, maximum, bins);
  }

  private static double gap(Calibration.Bin bin) {
    return Math.abs(bin.accuracy() - bin.meanConfidence());
  }
}
