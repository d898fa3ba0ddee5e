package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well the probability of each class ranks the examples of that class before all others:
 * receiver operating characteristic and precision over recall, one class against the rest (Fawcett,
 * "An introduction to ROC analysis", Pattern Recognition Letters 27, 2006). The definitions are
 * those of scikit-learn's {@code roc_auc_score} with {@code multi_class="ovr"} and of its {@code
 * average_precision_score}; equal probabilities are one threshold.
 *
 * <p>Tribuo's {@code LabelEvaluationUtil} takes probabilities that differ by less than 1e-12 for
 * equal. A sure network gives most examples less than that for a class that is not theirs, hence
 * the own computation.
 *
 * @param examples that the curves are from: all that were answered, or a sample of them
 * @param macroMean unweighted, over the classes that have an area
 * @param weightedMean by the number of examples of each class, over the classes that have an area
 * @param classes in their order
 */
public record RankingCurves(
    int examples, Areas macroMean, Areas weightedMean, List<ClassCurves> classes) {
  /** The usual number of probabilities that are kept at once: 80 MB. */
  static final int MAX_VALUES = 10_000_000;

  /**
   * What the curves come down to.
   *
   * @param areaUnderRoc from 0 to 1, 0.5 by chance: the probability that an example of the class
   *     comes before one of another, equal probabilities counting half; NaN if all examples are of
   *     the class, or none
   * @param averagePrecision Σ (recall − recall before) · precision over all thresholds, from above
   *     0 to 1; NaN if no example is of the class
   */
  public record Areas(double areaUnderRoc, double averagePrecision) {}

  static RankingCurves of(int examples, List<ClassCurves> classes) {
    return new RankingCurves(
        examples, mean(classes, curves -> 1), mean(classes, curves -> curves.positives()), classes);
  }

  private static Areas mean(List<ClassCurves> classes, ToDoubleFunction<ClassCurves> weight) {
    return new Areas(
        mean(classes, weight, curves -> curves.areas().areaUnderRoc()),
        mean(classes, weight, curves -> curves.areas().averagePrecision()));
  }

  private static double mean(
      List<ClassCurves> classes,
      ToDoubleFunction<ClassCurves> weight,
      ToDoubleFunction<ClassCurves> area) {
    double sum = 0;
    double weights = 0;
    for (ClassCurves curves : classes) {
      if (!Double.isNaN(area.applyAsDouble(curves))) {
        sum += weight.applyAsDouble(curves) * area.applyAsDouble(curves);
        weights += weight.applyAsDouble(curves);
      }
    }
    return sum / weights;
  }

  /** Keeps the answers that the curves need: of all examples, or of a sample of them. */
  static final class Sample implements Statistic<RankingCurves> {
    /** Over all classes; a curve has at least {@link #MIN_POINTS}, at most {@link #MAX_POINTS}. */
    private static final int POINTS = 20_000;

    private static final int MIN_POINTS = 20;
    private static final int MAX_POINTS = 200;

    private final BitSet drawn;
    private final int[] labels;
    private final double[][] scores; // [class][example]
    private int examples;

    private Sample(BitSet drawn, int classes) {
      this.drawn = drawn;
      labels = new int[drawn.cardinality()];
      scores = new double[classes][labels.length];
    }

    static Sample of(MemberPredictions predictions, long seed, int maxValues) {
      int wanted = Math.max(1, maxValues / predictions.classes());
      return new Sample(
          KeyedSample.of(seed, predictions.examples(), wanted), predictions.classes());
    }

    @Override
    public void add(EnsembleAnswer answer) {
      if (!drawn.get(answer.example())) {
        return;
      }
      labels[examples] = answer.label();
      for (int i = 0; i < scores.length; i++) {
        scores[i][examples] = answer.probabilities()[i];
      }
      examples++;
    }

    @Override
    public RankingCurves result() {
      int points = Math.max(MIN_POINTS, Math.min(MAX_POINTS, POINTS / scores.length));
      List<ClassCurves> curves = new ArrayList<>();
      for (int label = 0; label < scores.length; label++) {
        curves.add(curves(label, points));
      }
      return RankingCurves.of(examples, curves);
    }

    private ClassCurves curves(int label, int points) {
      int positives = 0;
      for (int i = 0; i < examples; i++) {
        positives += labels[i] == label ? 1 : 0;
      }
      double[] ofClass = new double[positives];
      double[] ofOthers = new double[examples - positives];
      int split = 0;
      for (int i = 0; i < examples; i++) {
        if (labels[i] == label) {
          ofClass[split++] = scores[label][i];
        } else {
          ofOthers[i - split] = scores[label][i];
        }
      }
      return ClassCurves.of(ofClass, ofOthers, points);
    }
  }
}
