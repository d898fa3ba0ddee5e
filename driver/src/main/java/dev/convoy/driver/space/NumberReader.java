package dev.convoy.driver.space;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads one distribution of numbers; a method returns empty once it has noted a problem.
 *
 * @param key where it stands
 * @param written the object that is the distribution
 * @param kind which
 * @param problems where problems are noted
 */
record NumberReader(String key, ConfigObject written, DistributionKind kind, Problems problems) {
  /** Whole numbers up to here, and halves between them, are exact in a double. */
  private static final double LARGEST_WHOLE_NUMBER = 1L << 51;

  Optional<Distribution> read() {
    checkModifiers();
    Optional<List<Double>> arguments = arguments();
    Optional<Double> quantum = modifier("quantum");
    Optional<Double> low = modifier("min");
    Optional<Double> high = modifier("max");
    return arguments.flatMap(
        numbers ->
            switch (kind) {
              case UNIFORM, LOG_UNIFORM ->
                  range(numbers.get(0), numbers.get(1)).flatMap(range -> rounded(range, quantum));
              case INT, LOG_UNIFORM_INT -> wholeNumbers(numbers.get(0), numbers.get(1));
              case NORMAL, LOG_NORMAL ->
                  gaussian(numbers.get(0), numbers.get(1), low, high)
                      .flatMap(gaussian -> rounded(gaussian, quantum));
              case CHOICE -> throw new IllegalArgumentException("Cannot read numbers of a choice.");
            });
  }

  private void checkModifiers() {
    for (String modifier : new TreeSet<>(written.keySet())) {
      if (!modifier.equals(kind.key()) && !kind.modifiers().contains(modifier)) {
        String allowed =
            kind.modifiers().isEmpty()
                ? "no other key"
                : "no other keys than " + String.join(", ", new TreeSet<>(kind.modifiers()));
        problem(allowed + " beside " + kind.key() + ", found " + modifier);
      }
    }
  }

  /** The two numbers that every distribution of numbers has. */
  private Optional<List<Double>> arguments() {
    ConfigValue value = written.get(kind.key());
    if (value.unwrapped() instanceof List<?> list && list.size() == 2) {
      List<Double> numbers = new ArrayList<>();
      for (Object element : list) {
        finite(element).ifPresent(numbers::add);
      }
      if (numbers.size() == 2) {
        return Optional.of(numbers);
      }
    }
    return problem(kind.usage() + " with two numbers");
  }

  private Optional<Double> modifier(String name) {
    if (!written.containsKey(name) || !kind.modifiers().contains(name)) {
      return Optional.empty();
    }
    Optional<Double> number = finite(written.get(name).unwrapped());
    if (number.isEmpty()) {
      problem("a number as " + name);
    }
    return number;
  }

  private static Optional<Double> finite(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue())
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }

  private boolean isOrdered(double low, double high) {
    if (low < high) {
      return true;
    }
    problem(kind.usage() + " with low below high");
    return false;
  }

  private Optional<Continuous> range(double low, double high) {
    if (kind.scale() == Scale.LOGARITHMIC && low <= 0) {
      return problem(kind.usage() + " with low above 0, for its logarithm");
    }
    if (!isOrdered(low, high)) {
      return Optional.empty();
    }
    return Double.isInfinite(high - low)
        ? problem(kind.usage() + " with a difference that a double can hold")
        : Optional.of(new Continuous.Range(kind.scale(), low, high));
  }

  private Optional<Distribution> wholeNumbers(double low, double high) {
    if (!isWhole(low) || !isWhole(high)) {
      return problem(kind.usage() + " with whole numbers of at most 2^51");
    }
    if (kind.scale() == Scale.LOGARITHMIC && low < 1) {
      return problem(kind.usage() + " with low of at least 1, for its logarithm");
    }
    return isOrdered(low, high)
        ? Optional.of(Stepped.wholeNumbers(kind.scale(), (long) low, (long) high))
        : Optional.empty();
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) <= LARGEST_WHOLE_NUMBER;
  }

  private Optional<Continuous> gaussian(
      double mean, double deviation, Optional<Double> min, Optional<Double> max) {
    if (deviation <= 0) {
      return problem(kind.usage() + " with a deviation above 0");
    }
    boolean logarithmic = kind.scale() == Scale.LOGARITHMIC;
    if (logarithmic && (min.orElse(1.0) <= 0 || max.orElse(1.0) <= 0)) {
      return problem("min and max above 0, for their logarithms");
    }
    double low = min.orElse(logarithmic ? 0 : Double.NEGATIVE_INFINITY);
    double high = max.orElse(Double.POSITIVE_INFINITY);
    if (low >= high) {
      return problem("min below max");
    }
    var gaussian = new Continuous.Gaussian(kind.scale(), mean, deviation, low, high);
    if (!(gaussian.probability() > 0)) {
      return problem("min and max between which values fall");
    }
    return Double.isFinite(gaussian.quantile(0))
            && Double.isFinite(gaussian.quantile(Distribution.LAST_UNIT))
        ? Optional.of(gaussian)
        : problem(kind.usage() + " with values that a double can hold");
  }

  private Optional<Distribution> rounded(Continuous continuous, Optional<Double> quantum) {
    if (quantum.isEmpty()) {
      return Optional.of(continuous);
    }
    double step = quantum.get();
    double low = continuous.quantile(0);
    double high = continuous.quantile(Distribution.LAST_UNIT);
    if (step <= 0) {
      return problem("a quantum above 0");
    }
    if (Math.max(Math.abs(low), Math.abs(high)) / step > LARGEST_WHOLE_NUMBER) {
      return problem("a quantum of at least 2^-51 of the largest value");
    }
    Stepped stepped = Stepped.multiples(continuous, step);
    return step > high - low || stepped.first() > stepped.last()
        ? problem("a quantum with a multiple in the range, and no wider than it")
        : Optional.of(stepped);
  }

  private <T> Optional<T> problem(String expected) {
    problems.add(key, written, expected);
    return Optional.empty();
  }
}
