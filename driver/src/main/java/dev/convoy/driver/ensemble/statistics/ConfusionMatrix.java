package dev.convoy.driver.ensemble.statistics;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How many examples of each class were taken for each class.
 *
 * @param macroMean unweighted mean of each score over the classes for which it is defined, and the
 *     support of all classes
 * @param classes scores in the order of the classes
 * @param counts axes [actual, predicted]; belongs to the matrix
 */
public record ConfusionMatrix(ClassScores macroMean, List<ClassScores> classes, long[][] counts) {

  /**
   * How well one class is found.
   *
   * @param precision share of the examples taken for this class that are of it; NaN if there are
   *     none
   * @param recall share of the examples of this class that are taken for it; NaN if there are none
   * @param f1 harmonic mean of precision and recall, 0 if no example is taken rightly for this
   *     class; NaN if none is of it or taken for it
   * @param support how many examples are of this class
   */
  public record ClassScores(double precision, double recall, double f1, long support) {
    /**
     * The scores of one class.
     *
     * @param found how many examples of the class are taken for it
     * @param predicted how many examples are taken for it
     * @param support how many examples are of it
     */
    public static ClassScores of(long found, long predicted, long support) {
      return new ClassScores(
          (double) found / predicted,
          (double) found / support,
          (double) (2 * found) / (predicted + support),
          support);
    }
  }

  private static ConfusionMatrix of(long[][] counts) {
    List<ClassScores> classes =
        IntStream.range(0, counts.length)
            .mapToObj(
                label ->
                    ClassScores.of(
                        counts[label][label],
                        LongStream.range(0, counts.length)
                            .map(actual -> counts[(int) actual][label])
                            .sum(),
                        LongStream.of(counts[label]).sum()))
            .toList();
    ClassScores macroMean =
        new ClassScores(
            mean(classes, ClassScores::precision),
            mean(classes, ClassScores::recall),
            mean(classes, ClassScores::f1),
            classes.stream().mapToLong(ClassScores::support).sum());
    return new ConfusionMatrix(macroMean, classes, counts);
  }

  private static double mean(List<ClassScores> scores, ToDoubleFunction<ClassScores> value) {
    return scores.stream()
        .mapToDouble(value)
        .filter(score -> !Double.isNaN(score))
        .average()
        .orElse(Double.NaN);
  }

  /** Counts answers. */
  static final class Counts implements Statistic<ConfusionMatrix> {
    private final long[][] counts;

    Counts(int classes) {
      counts = new long[classes][classes];
    }

    @Override
    public void add(EnsembleAnswer answer) {
      add(answer.label(), answer.predicted());
    }

    void add(int actual, int predicted) {
      counts[actual][predicted]++;
    }

    @Override
    public ConfusionMatrix result() {
      return of(counts);
    }
  }
}
