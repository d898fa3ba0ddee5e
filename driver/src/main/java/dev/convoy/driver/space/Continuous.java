package dev.convoy.driver.space;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;

/** A distribution of real numbers: {@link Double} values. */
public sealed interface Continuous extends Distribution {
  /** The axis on which the distribution is even or normal. */
  Scale scale();

  /** The value at a coordinate in [0, 1). */
  double quantile(double unit);

  /** The probability of a value that is at most the given one. */
  double cumulative(double value);

  @Override
  default Double value(double unit) {
    return quantile(unit);
  }

  @Override
  default boolean isLogarithmic() {
    return scale() == Scale.LOGARITHMIC;
  }

  /**
   * Every value of a range equally likely, or every order of magnitude.
   *
   * @param scale what is even
   * @param low the lower end; positive on a logarithmic scale
   * @param high the upper end, above {@code low}
   */
  record Range(Scale scale, double low, double high) implements Continuous {
    @Override
    public double quantile(double unit) {
      return unit >= LAST_UNIT ? high : scale.between(low, high, unit);
    }

    @Override
    public double cumulative(double value) {
      double inside = Math.max(low, Math.min(high, value));
      return (scale.toAxis(inside) - scale.toAxis(low)) / (scale.toAxis(high) - scale.toAxis(low));
    }

    /** Evenly spaced, both ends included; a single point is the middle. */
    @Override
    public List<Double> gridUnits(int points, double from, double to) {
      return IntStream.range(0, points)
          .mapToDouble(point -> points == 1 ? 0.5 : (double) point / (points - 1))
          .mapToObj(share -> Math.min(LAST_UNIT, from + share * (to - from)))
          .toList();
    }
  }

  /**
   * Normal numbers, or numbers whose logarithms are normal, perhaps truncated.
   *
   * @param scale what is normal
   * @param mean on the scale's axis
   * @param deviation on the scale's axis, positive
   * @param low no value is below; may be infinite, or 0 on a logarithmic scale
   * @param high no value is above; may be infinite
   */
  record Gaussian(Scale scale, double mean, double deviation, double low, double high)
      implements Continuous {
    /** Coordinates nearer to 0 or 1 would be infinitely far out: values end at 8.2 deviations. */
    private static final double OUTERMOST = 0x1.0p-53;

    @Override
    public double quantile(double unit) {
      double below = untruncated(low);
      double probability = below + unit * (untruncated(high) - below);
      double position =
          normal()
              .inverseCumulativeProbability(
                  Math.max(OUTERMOST, Math.min(1 - OUTERMOST, probability)));
      return Math.max(low, Math.min(high, scale.fromAxis(position)));
    }

    @Override
    public double cumulative(double value) {
      double inside = Math.max(low, Math.min(high, value));
      return (untruncated(inside) - untruncated(low)) / probability();
    }

    /** How much of the distribution the truncation leaves. */
    double probability() {
      return untruncated(high) - untruncated(low);
    }

    /** The middles of {@code points} parts of equal probability. */
    @Override
    public List<Double> gridUnits(int points, double from, double to) {
      return IntStream.range(0, points)
          .mapToObj(point -> from + (point + 0.5) / points * (to - from))
          .toList();
    }

    private double untruncated(double value) {
      return normal().cumulativeProbability(scale.toAxis(value));
    }

    private NormalDistribution normal() {
      return new NormalDistribution(null, mean, deviation);
    }
  }
}
