package dev.convoy.worker.training;

import java.util.Collection;

/** Sums over evaluated examples. A plain class, because it crosses the wire. */
public final class EvaluationSums {
  private final long examples;
  private final double lossSum;
  private final int classes;
  private final long[] confusion;

  /**
   * Sums.
   *
   * @param examples how many were evaluated
   * @param lossSum of their cross-entropies, in nats
   * @param classes how many there are
   * @param confusion counts, row-major {@code [actual][predicted]}, {@code classes²} long; owned by
   *     the new object
   */
  public EvaluationSums(long examples, double lossSum, int classes, long[] confusion) {
    this.examples = examples;
    this.lossSum = lossSum;
    this.classes = classes;
    this.confusion = confusion;
  }

  /** The sums of all parts; losses are added in the collection's order. */
  public static EvaluationSums merge(Collection<EvaluationSums> parts) {
    long examples = 0;
    double lossSum = 0;
    int classes = parts.isEmpty() ? 0 : parts.iterator().next().classes;
    long[] confusion = new long[classes * classes];
    for (EvaluationSums part : parts) {
      if (part.classes != classes) {
        throw new IllegalArgumentException(
            "Cannot merge evaluations: expected " + classes + " classes, found " + part.classes);
      }
      examples += part.examples;
      lossSum += part.lossSum;
      for (int i = 0; i < confusion.length; i++) {
        confusion[i] += part.confusion[i];
      }
    }
    return new EvaluationSums(examples, lossSum, classes, confusion);
  }

  /** How many examples were evaluated. */
  public long examples() {
    return examples;
  }

  /** Mean cross-entropy, in nats; NaN if nothing was evaluated. */
  public double loss() {
    return lossSum / examples;
  }

  /** Share of examples whose most probable class is theirs; NaN if nothing was evaluated. */
  public double accuracy() {
    long correct = 0;
    for (int i = 0; i < classes; i++) {
      correct += confusion[i * classes + i];
    }
    return (double) correct / examples;
  }

  /** How many examples of class {@code actual} were taken for class {@code predicted}. */
  public long confusion(int actual, int predicted) {
    return confusion[actual * classes + predicted];
  }
}
