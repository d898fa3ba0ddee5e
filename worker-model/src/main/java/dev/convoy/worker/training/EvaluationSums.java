package dev.convoy.worker.training;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sums over evaluated examples, of classes or of numbers. What was taken for what is held for the
 * pairs of classes that occurred, so that its size follows from the examples and not from the
 * number of classes; and only until {@link #withoutConfusion}. A plain class, because it crosses
 * the wire.
 */
public final class EvaluationSums {
  private final long examples;
  private final double lossSum;
  private final long correct;
  private final int classes;

  /** {@code actual × classes + predicted} of every pair that occurred, ascending; or null. */
  private final long[] pairs;

  /** How often each pair did; or null. */
  private final long[] counts;

  /** As {@link NumberErrors} has them; null where classes are told apart. */
  private final double[] errors;

  private EvaluationSums(
      long examples,
      double lossSum,
      long correct,
      int classes,
      long[] pairs,
      long[] counts,
      double[] errors) {
    this.examples = examples;
    this.lossSum = lossSum;
    this.correct = correct;
    this.classes = classes;
    this.pairs = pairs;
    this.counts = counts;
    this.errors = errors;
  }

  /**
   * The sums of some examples of which numbers are predicted.
   *
   * @param lossSum of their losses
   * @param errors of the numbers; its array is taken over
   */
  public static EvaluationSums of(double lossSum, NumberErrors errors) {
    return new EvaluationSums(
        errors.examples(), lossSum, 0, errors.outputs(), null, null, errors.sums());
  }

  /**
   * The sums of some examples.
   *
   * @param lossSum of their cross-entropies, in nats
   * @param classes how many there are
   * @param actual class of each example, in [0, classes)
   * @param predicted class of each example, in [0, classes)
   */
  public static EvaluationSums of(double lossSum, int classes, int[] actual, int[] predicted) {
    long[] pairs = new long[actual.length];
    long correct = 0;
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = pair(actual[i], predicted[i], classes);
      correct += actual[i] == predicted[i] ? 1 : 0;
    }
    Arrays.sort(pairs);
    long[] counts = new long[pairs.length];
    int distinct = 0;
    for (int i = 0; i < pairs.length; i++) {
      if (i > 0 && pairs[i] != pairs[i - 1]) {
        distinct++;
      }
      pairs[distinct] = pairs[i];
      counts[distinct]++;
    }
    int length = pairs.length == 0 ? 0 : distinct + 1;
    return new EvaluationSums(
        pairs.length,
        lossSum,
        correct,
        classes,
        Arrays.copyOf(pairs, length),
        Arrays.copyOf(counts, length),
        null);
  }

  /**
   * The sums of all parts; losses are added in the collection's order. What was taken for what is
   * known if it is of every part.
   */
  public static EvaluationSums merge(Collection<EvaluationSums> parts) {
    long examples = 0;
    double lossSum = 0;
    long correct = 0;
    int classes = parts.isEmpty() ? 0 : parts.iterator().next().classes;
    for (EvaluationSums part : parts) {
      if (part.classes != classes) {
        throw new IllegalArgumentException(
            "Cannot merge evaluations: expected " + classes + " classes, found " + part.classes);
      }
      examples += part.examples;
      lossSum += part.lossSum;
      correct += part.correct;
    }
    if (parts.stream().anyMatch(part -> part.pairs == null)) {
      return new EvaluationSums(
          examples, lossSum, correct, classes, null, null, mergedErrors(parts));
    }
    Map<Long, Long> confusion = new TreeMap<>();
    for (EvaluationSums part : parts) {
      for (int i = 0; i < part.pairs.length; i++) {
        confusion.merge(part.pairs[i], part.counts[i], Long::sum);
      }
    }
    return new EvaluationSums(
        examples,
        lossSum,
        correct,
        classes,
        array(confusion.keySet()),
        array(confusion.values()),
        null);
  }

  private static double[] mergedErrors(Collection<EvaluationSums> parts) {
    double[] merged = null;
    for (EvaluationSums part : parts) {
      if (part.errors != null) {
        merged = merged == null ? new double[part.errors.length] : merged;
        for (int i = 0; i < merged.length; i++) {
          merged[i] += part.errors[i];
        }
      }
    }
    return merged;
  }

  private static long[] array(Collection<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  /** The same without what was taken for what. */
  public EvaluationSums withoutConfusion() {
    return new EvaluationSums(examples, lossSum, correct, classes, null, null, errors);
  }

  /** How many examples were evaluated. */
  public long examples() {
    return examples;
  }

  /** Mean cross-entropy, in nats; NaN if nothing was evaluated. */
  public double loss() {
    return lossSum / examples;
  }

  /**
   * Share of examples whose most probable class is theirs; NaN if nothing was evaluated, or numbers
   * are predicted.
   */
  public double accuracy() {
    return errors == null ? (double) correct / examples : Double.NaN;
  }

  /** How far predicted numbers are from the true ones; empty where classes are told apart. */
  public Optional<NumberErrors> numberErrors() {
    return Optional.ofNullable(errors).map(sums -> new NumberErrors(examples, sums));
  }

  /**
   * How many examples of class {@code actual} were taken for class {@code predicted}.
   *
   * @throws IllegalStateException if that was left out
   */
  public long confusion(int actual, int predicted) {
    requireConfusion();
    int place = Arrays.binarySearch(pairs, pair(actual, predicted, classes));
    return place < 0 ? 0 : counts[place];
  }

  /**
   * How many examples are of each class.
   *
   * @throws IllegalStateException if that was left out
   */
  public long[] actual() {
    requireConfusion();
    long[] sums = new long[classes];
    for (int i = 0; i < pairs.length; i++) {
      sums[(int) (pairs[i] / classes)] += counts[i];
    }
    return sums;
  }

  /**
   * How many examples were taken for each class.
   *
   * @throws IllegalStateException if that was left out
   */
  public long[] predicted() {
    requireConfusion();
    long[] sums = new long[classes];
    for (int i = 0; i < pairs.length; i++) {
      sums[(int) (pairs[i] % classes)] += counts[i];
    }
    return sums;
  }

  private void requireConfusion() {
    if (pairs == null) {
      throw new IllegalStateException(
          "Cannot tell what was taken for what: expected sums with it, found sums without.");
    }
  }

  private static long pair(int actual, int predicted, int classes) {
    return (long) actual * classes + predicted;
  }
}
