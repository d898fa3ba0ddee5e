package dev.convoy.data.component;

/**
 * An interval of numbers.
 *
 * @param minimum the lower end; may be infinite
 * @param includesMinimum whether the lower end belongs to it
 * @param maximum the upper end; may be infinite
 * @param includesMaximum whether the upper end belongs to it
 */
public record Range(
    double minimum, boolean includesMinimum, double maximum, boolean includesMaximum) {
  /** Every finite number. */
  public static final Range ALL =
      new Range(Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY, false);

  /** Checks that there is something between the ends. */
  public Range {
    if (!(minimum < maximum || (minimum == maximum && includesMinimum && includesMaximum))) {
      throw new IllegalArgumentException(
          "Cannot make a range: expected a minimum below the maximum, found "
              + minimum
              + " and "
              + maximum
              + ".");
    }
  }

  /** From {@code minimum} to {@code maximum}, both included. */
  public static Range closed(double minimum, double maximum) {
    return new Range(minimum, true, maximum, true);
  }

  /** From {@code minimum} up to, but not including, {@code maximum}. */
  public static Range closedOpen(double minimum, double maximum) {
    return new Range(minimum, true, maximum, false);
  }

  /** Above {@code minimum} up to {@code maximum}, which is included. */
  public static Range openClosed(double minimum, double maximum) {
    return new Range(minimum, false, maximum, true);
  }

  /** Between {@code minimum} and {@code maximum}, neither included. */
  public static Range open(double minimum, double maximum) {
    return new Range(minimum, false, maximum, false);
  }

  /** Everything above {@code minimum}. */
  public static Range above(double minimum) {
    return open(minimum, Double.POSITIVE_INFINITY);
  }

  /** {@code minimum} and everything above. */
  public static Range atLeast(double minimum) {
    return closedOpen(minimum, Double.POSITIVE_INFINITY);
  }

  /** Whether a finite number lies in it. */
  public boolean contains(double value) {
    return Double.isFinite(value)
        && (includesMinimum ? value >= minimum : value > minimum)
        && (includesMaximum ? value <= maximum : value < maximum);
  }

  /** In words, behind "a number": {@code in [0, 1)}, {@code above 0}, or nothing for all. */
  @Override
  public String toString() {
    if (Double.isInfinite(minimum) && Double.isInfinite(maximum)) {
      return "";
    }
    if (Double.isInfinite(maximum)) {
      return (includesMinimum ? "of at least " : "above ") + text(minimum);
    }
    if (Double.isInfinite(minimum)) {
      return (includesMaximum ? "of at most " : "below ") + text(maximum);
    }
    return "in "
        + (includesMinimum ? "[" : "(")
        + text(minimum)
        + ", "
        + text(maximum)
        + (includesMaximum ? "]" : ")");
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
