package dev.convoy.benchmark.report;

import java.util.List;
import java.util.Locale;

/**
 * The same thing measured several times.
 *
 * @param samples in the order in which they were taken, at least one
 */
public record Measurement(List<Double> samples) {
  /** Copies the samples. */
  public Measurement {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("Cannot measure: expected at least one sample");
    }
  }

  /** The sample in the middle, or the mean of the two in the middle. */
  public double median() {
    List<Double> sorted = samples.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
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
