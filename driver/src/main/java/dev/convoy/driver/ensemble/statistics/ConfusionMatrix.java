package dev.convoy.driver.ensemble.statistics;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What was taken for what. Immutable. */
@JsonPropertyOrder({"macroMean", "classes", "counts"})
public final class ConfusionMatrix {
  private final long[][] counts;

  private ConfusionMatrix(long[][] counts) {
    this.counts = counts;
  }

  /** Of the ensemble; examples in which no member takes part do not count. */
  public static ConfusionMatrix of(MemberPredictions predictions, Combination combination) {
    Counts counts = new Counts(predictions.classes());
    EnsembleAnswer.forEach(
        predictions,
        combination,
        answer -> counts.add(answer.members().label(), answer.predicted()));
    return counts.matrix();
  }

  /** Counts answers, one after the other. Not thread-safe. */
  public static final class Counts {
    private final long[][] counts;

    /** Nothing yet. */
    public Counts(int classes) {
      counts = new long[classes][classes];
    }

    /** Adds an example of one class that was taken for the same or another. */
    public void add(int actual, int predicted) {
      counts[actual][predicted]++;
    }

    /** What was counted so far. */
    public ConfusionMatrix matrix() {
      return new ConfusionMatrix(rows(counts));
    }
  }

  private static long[][] rows(long[][] counts) {
    return IntStream.range(0, counts.length)
        .mapToObj(i -> counts[i].clone())
        .toArray(long[][]::new);
  }

  /** How many examples of one class were taken for another. */
  public long count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /** A copy, axes [actual, predicted]. */
  @JsonProperty
  public long[][] counts() {
    return rows(counts);
  }

  /** How well each class is found, in their order. */
  @JsonProperty
  public List<ClassScores> classes() {
    return IntStream.range(0, counts.length).mapToObj(this::scores).toList();
  }

  private ClassScores scores(int label) {
    long found = counts[label][label];
    long support = support(label);
    long predicted = predicted(label);
    return new ClassScores(
        share(found, predicted),
        share(found, support),
        share(2 * found, predicted + support),
        support);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private long support(int label) {
    return LongStream.of(counts[label]).sum();
  }

  private long predicted(int label) {
    return IntStream.range(0, counts.length).mapToLong(actual -> counts[actual][label]).sum();
  }

  /**
   * The unweighted mean over the classes that some example is of or was taken for, with the support
   * of all; NaN without examples.
   */
  @JsonProperty
  public ClassScores macroMean() {
    List<ClassScores> present =
        IntStream.range(0, counts.length)
            .filter(label -> support(label) + predicted(label) > 0)
            .mapToObj(this::scores)
            .toList();
    return new ClassScores(
        mean(present, ClassScores::precision),
        mean(present, ClassScores::recall),
        mean(present, ClassScores::f1),
        present.stream().mapToLong(ClassScores::support).sum());
  }

  private static double mean(List<ClassScores> scores, ToDoubleFunction<ClassScores> value) {
    return scores.stream().mapToDouble(value).average().orElse(Double.NaN);
  }
}
