package dev.convoy.benchmark.report;

import java.util.List;
import java.util.Locale;

/**
 * The same thing measured several times.
 *
 * @param samples in the order in which they were taken, at least one
 */
public record Measurement(List<Double> samples) {
  private static final double MIDDLE = 0.5;

  /** Copies the samples. */
  public Measurement {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("Cannot measure: expected at least one sample");
    }
  }

  /** The sample in the middle, or the mean of the two in the middle. */
  public double median() {
    return quantile(MIDDLE);
  }

  /** A quarter of the samples is not above it. */
  public double lowerQuartile() {
    return quantile(MIDDLE / 2);
  }

  /** A quarter of the samples is not below it. */
  public double upperQuartile() {
    return quantile(1 - MIDDLE / 2);
  }

  /** Between the two samples next to it, linearly; samples may be infinite. */
  private double quantile(double share) {
    List<Double> sorted = samples.stream().sorted().toList();
    double place = share * (sorted.size() - 1);
    int below = (int) place;
    double beyond = place - below;
    return beyond == 0
        ? sorted.get(below)
        : (1 - beyond) * sorted.get(below) + beyond * sorted.get(below + 1);
  }

  /** The least sample. */
  public double least() {
    return samples.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  /** The greatest sample. */
  public double most() {
    return samples.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1f (%.1f to %.1f)", median(), least(), most());
  }
}
