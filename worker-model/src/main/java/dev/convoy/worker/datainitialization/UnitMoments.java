package dev.convoy.worker.datainitialization;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean and variance of what each unit of a layer gives for some images; a unit is a channel of a
 * convolution, or a value of a vector. Sums are taken in order, in double precision.
 */
public final class UnitMoments {
  /** Of the mean square: what single precision may make of a constant. */
  private static final double ROUNDING = 1e-12;

  private final double[] means;
  private final double[] variances;

  private UnitMoments(double[] means, double[] variances) {
    this.means = means;
    this.variances = variances;
  }

  /** Of values with the axes [image, unit, …]. */
  static UnitMoments of(INDArray values) {
    int images = Math.toIntExact(values.size(0));
    int units = Math.toIntExact(values.size(1));
    int each = Math.toIntExact(values.length() / images / units);
    double[] origins = new double[units]; // which keep large means from hiding small variances
    double[] sums = new double[units];
    double[] squares = new double[units];
    for (int image = 0; image < images; image++) {
      float[] some = values.slice(image).dup('c').data().asFloat();
      for (int i = 0; i < some.length; i++) {
        int unit = i / each;
        if (image == 0 && i % each == 0) {
          origins[unit] = some[i];
        }
        double value = some[i] - origins[unit];
        sums[unit] += value;
        squares[unit] += value * value;
      }
    }
    double count = (double) images * each;
    double[] means = new double[units];
    double[] variances = new double[units];
    for (int unit = 0; unit < units; unit++) {
      double mean = sums[unit] / count;
      means[unit] = origins[unit] + mean;
      variances[unit] = Math.max(0, squares[unit] / count - mean * mean);
    }
    return new UnitMoments(means, variances);
  }

  /** The mean of a unit. */
  double mean(int unit) {
    return means[unit];
  }

  /** The variance of a unit. */
  double variance(int unit) {
    return variances[unit];
  }

  /** The variance of the values of all units together. */
  double variance() {
    double mean = IntStream.range(0, means.length).mapToDouble(this::mean).average().orElse(0);
    return IntStream.range(0, means.length)
        .mapToDouble(unit -> variances[unit] + (means[unit] - mean) * (means[unit] - mean))
        .average()
        .orElse(0);
  }

  /** Whether a unit gives one value, but for rounding. */
  boolean isConstant(int unit) {
    return variances[unit] <= ROUNDING * means[unit] * means[unit];
  }

  /** Whether every unit gives one value. */
  boolean areConstant() {
    return IntStream.range(0, means.length).allMatch(this::isConstant);
  }
}
