package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.ensemble.statistics.ClassCurves.PrecisionRecallPoint;
import dev.convoy.driver.ensemble.statistics.ClassCurves.RocPoint;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RankingCurvesTest {
  private static final double ROUNDING = 1e-12;
  private static final int POINTS = 50;

  /** So much at most lies between two points of a thinned curve, beside steps of the curve. */
  private static final double STEP = 1.0 / POINTS;

  @Test
  void smallCaseByHand() {
    ClassCurves curves = curves(new double[] {0.9, 0.4}, new double[] {0.4, 0.6, 0.1});
    // Pairs: 0.9 wins 3; 0.4 wins 1, draws 1.
    assertThat(curves.areas().areaUnderRoc()).isCloseTo(4.5 / 6, within(ROUNDING));
    assertThat(curves.areas().averagePrecision()).isCloseTo(0.5 + 0.5 * 2 / 4, within(ROUNDING));
    assertThat(curves.roc())
        .containsExactly(
            new RocPoint(0, 0),
            new RocPoint(0, 0.5),
            new RocPoint(1.0 / 3, 0.5),
            new RocPoint(2.0 / 3, 1),
            new RocPoint(1, 1));
    assertThat(curves.precisionRecall())
        .containsExactly(
            new PrecisionRecallPoint(0, 1),
            new PrecisionRecallPoint(0.5, 1),
            new PrecisionRecallPoint(1, 0.5));
  }

  @Test
  void perfectReversedAndConstantRankings() {
    double[] low = {0.1, 0.2, 0.2};
    double[] high = {0.3, 0.9};
    assertThat(curves(high.clone(), low.clone()).areas()).isEqualTo(new RankingCurves.Areas(1, 1));
    assertThat(curves(low.clone(), high.clone()).areas().areaUnderRoc()).isZero();
    RankingCurves.Areas constant = curves(new double[3], new double[9]).areas();
    assertThat(constant).isEqualTo(new RankingCurves.Areas(0.5, 0.25));
  }

  @Test
  void theSmallestDifferenceIsOne() {
    assertThat(curves(new double[] {Double.MIN_VALUE}, new double[] {0}).areas().areaUnderRoc())
        .isEqualTo(1);
    assertThat(curves(new double[] {1}, new double[] {Math.nextDown(1.0)}).areas().areaUnderRoc())
        .isEqualTo(1);
  }

  @Test
  void areaIsTheShareOfPairsInOrder() {
    KeyedRandom random = KeyedRandom.of(5, Purpose.SYNTHETIC);
    double[] ofClass = DoubleStream.generate(() -> 3 + random.nextInt(10)).limit(40).toArray();
    double[] ofOthers = DoubleStream.generate(() -> random.nextInt(10)).limit(60).toArray();
    double won = 0;
    for (double first : ofClass) {
      for (double second : ofOthers) {
        won += first > second ? 1 : first == second ? 0.5 : 0;
      }
    }
    assertThat(curves(ofClass, ofOthers).areas().areaUnderRoc())
        .isCloseTo(won / 2400, within(ROUNDING));
  }

  @Test
  void longCurvesAreThinnedAndStillEndAtTheirEnds() {
    KeyedRandom random = KeyedRandom.of(6, Purpose.SYNTHETIC);
    double[] ofClass =
        DoubleStream.generate(random::nextGaussian).map(x -> x + 1).limit(5000).toArray();
    double[] ofOthers = DoubleStream.generate(random::nextGaussian).limit(20_000).toArray();
    ClassCurves thinned = ClassCurves.of(ofClass, ofOthers, POINTS);
    ClassCurves whole = ClassCurves.of(ofClass, ofOthers, 1_000_000);

    assertThat(thinned.areas()).isEqualTo(whole.areas());
    assertThat(whole.roc()).hasSizeGreaterThan(20_000);
    assertThat(thinned.roc()).hasSizeBetween(POINTS / 2, POINTS + 2);
    assertThat(thinned.precisionRecall()).hasSizeBetween(POINTS / 2, POINTS + 2);
    assertThat(thinned.roc()).startsWith(new RocPoint(0, 0)).endsWith(new RocPoint(1, 1));
    assertThat(thinned.precisionRecall().get(thinned.precisionRecall().size() - 1).recall())
        .isEqualTo(1);
    assertThat(whole.roc()).containsAll(thinned.roc());
    assertThat(trapezoids(thinned)).isCloseTo(whole.areas().areaUnderRoc(), within(STEP));
  }

  private static double trapezoids(ClassCurves curves) {
    double area = 0;
    for (int i = 1; i < curves.roc().size(); i++) {
      RocPoint from = curves.roc().get(i - 1);
      RocPoint to = curves.roc().get(i);
      area +=
          (to.falsePositiveRate() - from.falsePositiveRate())
              * (to.truePositiveRate() + from.truePositiveRate())
              / 2;
    }
    return area;
  }

  @Test
  void aClassWithoutExamplesOrWithAllOfThemHasNoAreaAndIsNoPartOfTheMean() {
    TablePredictions predictions =
        TablePredictions.of(
            3,
            new int[] {0, 1, 1},
            new float[][] {{0.5f, 0.5f, 0}, {0.25f, 0.75f, 0}, {0.5f, 0.25f, 0.25f}});
    RankingCurves curves =
        EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).quality().ranking();
    assertThat(curves.classes().get(2).areas().areaUnderRoc()).isNaN();
    assertThat(curves.classes().get(2).areas().averagePrecision()).isNaN();
    assertThat(curves.classes().get(2).roc()).isEmpty();
    assertThat(curves.classes().get(2).precisionRecall()).isEmpty();
    // Class 0: 0.5 against 0.25 and 0.5; class 1: 0.75 and 0.25 against 0.5.
    assertThat(curves.macroMean().areaUnderRoc()).isEqualTo((0.75 + 0.5) / 2);
    assertThat(curves.weightedMean().areaUnderRoc())
        .isCloseTo((0.75 + 2 * 0.5) / 3, within(ROUNDING));
    assertThat(ClassCurves.of(new double[] {0.5}, new double[0], POINTS).areas())
        .isEqualTo(new RankingCurves.Areas(Double.NaN, 1));
  }

  @Test
  void ofTooManyExamplesASampleThatTheSeedDraws() {
    TablePredictions predictions = TablePredictions.random(7, 3000, 2, 4);
    RankingCurves whole =
        EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).quality().ranking();
    RankingCurves sample =
        Statistic.of(
            predictions, TablePredictions::softVote, RankingCurves.Sample.of(predictions, 1, 4000));
    assertThat(whole.examples()).isEqualTo(3000);
    assertThat(sample.examples()).isEqualTo(1000);
    assertThat(sample)
        .isEqualTo(
            Statistic.of(
                predictions,
                TablePredictions::softVote,
                RankingCurves.Sample.of(predictions, 1, 4000)));
    assertThat(sample)
        .isNotEqualTo(
            Statistic.of(
                predictions,
                TablePredictions::softVote,
                RankingCurves.Sample.of(predictions, 2, 4000)));
    // Four classes of 250 against 750: a standard error of at most some 0.02 each.
    assertThat(sample.macroMean().areaUnderRoc())
        .isCloseTo(whole.macroMean().areaUnderRoc(), within(0.04));
  }

  private static ClassCurves curves(double[] ofClass, double[] ofOthers) {
    return ClassCurves.of(ofClass, ofOthers, POINTS);
  }
}
