package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;
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
  /** How many probabilities are looked at where nothing speaks for another number: 80 MB. */
  public static final int MOST_VALUES = 10_000_000;

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

  /** Copies. */
  public RankingCurves {
    classes = List.copyOf(classes);
  }

  /**
   * From all examples if they have no more than {@value #MOST_VALUES} probabilities, else from a
   * sample.
   */
  public static RankingCurves of(
      MemberPredictions predictions, Combination combination, long seed) {
    return of(predictions, combination, seed, MOST_VALUES);
  }

  /**
   * From all examples, or a sample that the seed draws.
   *
   * @param mostValues how many probabilities, of 8 bytes each, are kept at once
   */
  public static RankingCurves of(
      MemberPredictions predictions, Combination combination, long seed, int mostValues) {
    RankingSample sample = RankingSample.of(predictions, seed, mostValues);
    EnsembleAnswer.forEach(predictions, combination, sample::add);
    return sample.curves();
  }

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
}
