package dev.convoy.driver.space;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A continuous distribution rounded to the multiples of a step. Its values are {@link Long}s if the
 * step is a whole number, else {@link Double}s, each the double nearest to the decimal multiple.
 *
 * @param continuous what is rounded
 * @param step positive
 * @param first the smallest value, in steps
 * @param last the largest value, in steps, at least {@code first}
 */
public record Stepped(Continuous continuous, BigDecimal step, long first, long last)
    implements Distribution {

  /** Every whole number of a range equally likely, or log-uniform, each end half a step wider. */
  static Stepped wholeNumbers(Scale scale, long low, long high) {
    return new Stepped(
        new Continuous.Range(scale, low - 0.5, high + 0.5), BigDecimal.ONE, low, high);
  }

  /** The multiples of {@code quantum} within the continuous distribution's ends. */
  static Stepped multiples(Continuous continuous, double quantum) {
    BigDecimal step = BigDecimal.valueOf(quantum).stripTrailingZeros();
    return new Stepped(
        continuous,
        step,
        steps(continuous.quantile(0), step, RoundingMode.CEILING),
        steps(continuous.quantile(LAST_UNIT), step, RoundingMode.FLOOR));
  }

  private static long steps(double value, BigDecimal step, RoundingMode rounding) {
    return BigDecimal.valueOf(value).divide(step, 0, rounding).longValueExact();
  }

  @Override
  public Object value(double unit) {
    return multiple(stepsAt(unit));
  }

  private long stepsAt(double unit) {
    double rounded = Math.floor(continuous.quantile(unit) / step.doubleValue() + 0.5);
    return Math.max(first, Math.min(last, (long) rounded));
  }

  private Object multiple(long steps) {
    BigDecimal exact = step.multiply(BigDecimal.valueOf(steps));
    return step.scale() <= 0 ? (Object) exact.longValueExact() : (Object) exact.doubleValue();
  }

  @Override
  public boolean isLogarithmic() {
    return continuous.isLogarithmic();
  }

  /** The middle of the coordinates that are rounded to so many steps. */
  private double middle(long steps) {
    double low = steps == first ? 0 : boundary(steps - 0.5);
    double high = steps == last ? 1 : boundary(steps + 0.5);
    return Math.min(LAST_UNIT, (low + high) / 2);
  }

  private double boundary(double steps) {
    return continuous.cumulative(steps * step.doubleValue());
  }

  /** Every value if there are few enough, else evenly spaced ones. */
  @Override
  public List<Double> gridUnits(int points, double low, double high) {
    long lowest = stepsAt(low);
    long highest = stepsAt(Math.min(LAST_UNIT, high));
    LongStream steps;
    if (highest - lowest < points) {
      steps = LongStream.rangeClosed(lowest, highest);
    } else if (continuous instanceof Continuous.Range range && points > 1) {
      steps =
          IntStream.range(0, points)
              .mapToDouble(
                  point ->
                      range
                          .scale()
                          .between(
                              lowest * step.doubleValue(),
                              highest * step.doubleValue(),
                              (double) point / (points - 1)))
              .mapToLong(value -> Math.round(value / step.doubleValue()));
    } else {
      steps = continuous.gridUnits(points, low, high).stream().mapToLong(this::stepsAt);
    }
    return steps.distinct().mapToObj(this::middle).toList();
  }
}
