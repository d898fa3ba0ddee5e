package dev.convoy.driver.ensemble.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two curves over all thresholds of one class's probability, thinned to a number of points fit for
 * plotting. The areas are those of the whole curves.
 *
 * @param positives how many examples are of the class
 * @param areas under the curves
 * @param roc from (0, 0) to (1, 1); empty if all examples are of the class, or none
 * @param precisionRecall from recall 0, where precision is 1 by definition, to recall 1; of the
 *     thresholds of equal recall the highest; empty if no example is of the class
 */
public record ClassCurves(
    int positives,
    RankingCurves.Areas areas,
    List<RocPoint> roc,
    List<PrecisionRecallPoint> precisionRecall) {

  /**
   * What a threshold lets through.
   *
   * @param falsePositiveRate share of the other classes' examples
   * @param truePositiveRate share of the class's examples
   */
  public record RocPoint(double falsePositiveRate, double truePositiveRate) {}

  /**
   * What a threshold lets through.
   *
   * @param recall share of the class's examples
   * @param precision share of what is let through that is of the class
   */
  public record PrecisionRecallPoint(double recall, double precision) {}

  /**
   * The curves of one class.
   *
   * @param ofClass probabilities of the class's examples; sorted on return
   * @param ofOthers probabilities of all other examples; sorted on return
   * @param points about how many each curve has at most, at least 2
   */
  static ClassCurves of(double[] ofClass, double[] ofOthers, int points) {
    Arrays.sort(ofClass);
    Arrays.sort(ofOthers);
    Walk walk = new Walk(ofClass.length, ofOthers.length, points);
    int i = ofClass.length;
    int j = ofOthers.length;
    while (i > 0 || j > 0) {
      double threshold =
          Math.max(
              i > 0 ? ofClass[i - 1] : Double.NEGATIVE_INFINITY,
              j > 0 ? ofOthers[j - 1] : Double.NEGATIVE_INFINITY);
      while (i > 0 && ofClass[i - 1] == threshold) {
        i--;
      }
      while (j > 0 && ofOthers[j - 1] == threshold) {
        j--;
      }
      walk.lower(ofClass.length - i, ofOthers.length - j);
    }
    return walk.curves();
  }

  /** Goes down the thresholds. */
  private static final class Walk {
    private final int positives;
    private final int negatives;
    private final double step;
    private final List<RocPoint> roc = new ArrayList<>();
    private final List<PrecisionRecallPoint> precisionRecall = new ArrayList<>();
    private int truePositives;
    private int falsePositives;
    private double areaUnderRoc;
    private double averagePrecision;

    Walk(int positives, int negatives, int points) {
      this.positives = positives;
      this.negatives = negatives;
      step = 1.0 / points;
      if (positives > 0 && negatives > 0) {
        roc.add(new RocPoint(0, 0));
      }
      if (positives > 0) {
        precisionRecall.add(new PrecisionRecallPoint(0, 1));
      }
    }

    /** The next threshold lets so many through. */
    void lower(int nextTruePositives, int nextFalsePositives) {
      if (positives > 0) {
        double precision = (double) nextTruePositives / (nextTruePositives + nextFalsePositives);
        double gained = (double) (nextTruePositives - truePositives) / positives;
        averagePrecision += gained * precision;
        plot(new PrecisionRecallPoint((double) nextTruePositives / positives, precision));
      }
      if (positives > 0 && negatives > 0) {
        double width = (double) (nextFalsePositives - falsePositives) / negatives;
        areaUnderRoc += width * (truePositives + nextTruePositives) / 2 / positives;
        plot(
            new RocPoint(
                (double) nextFalsePositives / negatives, (double) nextTruePositives / positives));
      }
      truePositives = nextTruePositives;
      falsePositives = nextFalsePositives;
    }

    private void plot(PrecisionRecallPoint point) {
      double last = precisionRecall.get(precisionRecall.size() - 1).recall();
      if (point.recall() - last >= step || (point.recall() == 1 && last < 1)) {
        precisionRecall.add(point);
      }
    }

    private void plot(RocPoint point) {
      RocPoint last = roc.get(roc.size() - 1);
      double advance =
          point.falsePositiveRate()
              - last.falsePositiveRate()
              + point.truePositiveRate()
              - last.truePositiveRate();
      boolean end = point.falsePositiveRate() == 1 && point.truePositiveRate() == 1;
      if (advance >= 2 * step || end) {
        roc.add(point);
      }
    }

    ClassCurves curves() {
      return new ClassCurves(
          positives,
          new RankingCurves.Areas(
              positives > 0 && negatives > 0 ? areaUnderRoc : Double.NaN,
              positives > 0 ? averagePrecision : Double.NaN),
          roc,
          precisionRecall);
    }
  }
}
