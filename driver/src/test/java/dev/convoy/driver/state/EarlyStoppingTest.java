package dev.convoy.driver.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.state.EarlyStopping.Metric;
import dev.convoy.driver.state.EarlyStopping.Observation;
import dev.convoy.driver.state.EarlyStopping.Progress;
import dev.convoy.driver.state.EarlyStopping.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyStoppingTest {
  private static final Verdict IMPROVED = Verdict.IMPROVED;
  private static final Verdict WAITING = Verdict.WAITING;
  private static final Verdict STOP = Verdict.STOP;

  @Test
  void aLowerLossImproves() {
    assertThat(verdicts(new EarlyStopping(Metric.VALIDATION_LOSS, 9, 0), 3, 2, 2.5, 1, 1))
        .containsExactly(IMPROVED, IMPROVED, WAITING, IMPROVED, WAITING);
  }

  @Test
  void aHigherAccuracyImproves() {
    assertThat(
            verdicts(new EarlyStopping(Metric.VALIDATION_ACCURACY, 9, 0), 0.1, 0.2, 0.15, 0.3, 0.3))
        .containsExactly(IMPROVED, IMPROVED, WAITING, IMPROVED, WAITING);
  }

  @Test
  void eachMetricTakesItsOwnValueOfAnEvaluation() {
    assertThat(Metric.VALIDATION_LOSS.of(0.3, 0.9)).isEqualTo(0.3);
    assertThat(Metric.VALIDATION_ACCURACY.of(0.3, 0.9)).isEqualTo(0.9);
    assertThat(Metric.VALIDATION_LOSS.key()).isEqualTo("validation-loss");
    assertThat(Metric.VALIDATION_ACCURACY.key()).isEqualTo("validation-accuracy");
  }

  /** Somebody's class is always the first of classes whose values are no numbers. */
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void theAccuracyOfANetworkWhoseLossIsNotFiniteNeverImproves(double loss) {
    EarlyStopping stopping = new EarlyStopping(Metric.VALIDATION_ACCURACY, 9, 0);
    double value = Metric.VALIDATION_ACCURACY.of(loss, 0.5);
    assertThat(value).isNaN();
    assertThat(Metric.VALIDATION_ACCURACY.asLoss(value)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(verdicts(stopping, value, 0.1)).containsExactly(WAITING, IMPROVED);
  }

  @Test
  void theRunStopsAfterPatienceEvaluationsInARowWithoutImprovement() {
    assertThat(verdicts(new EarlyStopping(Metric.VALIDATION_LOSS, 3, 0), 3, 4, 4, 2, 2, 2, 2, 5))
        .containsExactly(IMPROVED, WAITING, WAITING, IMPROVED, WAITING, WAITING, STOP, STOP);
  }

  @Test
  void aPatienceOfOneStopsAtOnce() {
    assertThat(verdicts(new EarlyStopping(Metric.VALIDATION_LOSS, 1, 0), 3, 2, 2))
        .containsExactly(IMPROVED, IMPROVED, STOP);
  }

  @Test
  void anImprovementMustBeLargerThanMinDelta() {
    EarlyStopping stopping = new EarlyStopping(Metric.VALIDATION_LOSS, 9, 0.5);
    assertThat(verdicts(stopping, 3, 2.5, 2.25, 2))
        .containsExactly(IMPROVED, WAITING, IMPROVED, WAITING);
  }

  @Test
  void smallStepsAddUpBecauseTheBestIsWhatImproved() {
    EarlyStopping stopping = new EarlyStopping(Metric.VALIDATION_ACCURACY, 9, 0.25);
    assertThat(verdicts(stopping, 0.25, 0.375, 0.5, 0.625))
        .containsExactly(IMPROVED, WAITING, WAITING, IMPROVED);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void whatIsNotANumberNeverImproves(Metric metric) {
    EarlyStopping stopping = new EarlyStopping(metric, 3, 0);
    for (double value :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertThat(verdicts(stopping, value, 0.5, value, value, value))
          .containsExactly(WAITING, IMPROVED, WAITING, WAITING, STOP);
    }
    assertThat(verdicts(stopping, Double.NaN, Double.NaN, Double.NaN))
        .containsExactly(WAITING, WAITING, STOP);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void theFirstNumberImprovesWhateverItIs(Metric metric) {
    EarlyStopping stopping = new EarlyStopping(metric, 3, 1000);
    for (double value : new double[] {-1e300, 0, 1e300}) {
      assertThat(stopping.observe(Progress.none(), value))
          .isEqualTo(new Observation(new Progress(value, 0), IMPROVED));
    }
  }

  @Test
  void observingChangesNothingButWhatItReturns() {
    EarlyStopping stopping = new EarlyStopping(Metric.VALIDATION_LOSS, 3, 0);
    Progress before = new Progress(0.5, 1);
    Observation once = stopping.observe(before, 0.6);
    stopping.observe(before, 0.1);
    assertThat(stopping.observe(before, 0.6)).isEqualTo(once);
    assertThat(before).isEqualTo(new Progress(0.5, 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomSequencesGoAsTheDefinitionSays(long seed) {
    Random random = new Random(seed);
    for (int trial = 0; trial < 2000; trial++) {
      boolean loss = random.nextBoolean();
      int patience = 1 + random.nextInt(4);
      double minDelta = random.nextInt(3) * 0.25;
      double[] values = new double[1 + random.nextInt(12)];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(10) == 0 ? Double.NaN : random.nextInt(9) * 0.25;
      }
      EarlyStopping stopping =
          new EarlyStopping(
              loss ? Metric.VALIDATION_LOSS : Metric.VALIDATION_ACCURACY, patience, minDelta);
      assertThat(verdicts(stopping, values))
          .as("seed %d, trial %d: %s of %s", seed, trial, stopping, Arrays.toString(values))
          .isEqualTo(byDefinition(loss, patience, minDelta, values));
    }
  }

  /** Looks back over the whole sequence at every evaluation. */
  private static List<Verdict> byDefinition(
      boolean loss, int patience, double minDelta, double[] values) {
    List<Integer> improvements = new ArrayList<>();
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      int last = improvements.isEmpty() ? -1 : improvements.get(improvements.size() - 1);
      boolean better =
          last < 0
              || (loss ? values[i] < values[last] - minDelta : values[i] > values[last] + minDelta);
      if (!Double.isNaN(values[i]) && better) {
        improvements.add(i);
        verdicts.add(IMPROVED);
      } else {
        verdicts.add(i - last >= patience ? STOP : WAITING);
      }
    }
    return verdicts;
  }

  private static List<Verdict> verdicts(EarlyStopping stopping, double... values) {
    List<Verdict> verdicts = new ArrayList<>();
    Progress progress = Progress.none();
    for (double value : values) {
      Observation observation = stopping.observe(progress, value);
      progress = observation.progress();
      verdicts.add(observation.verdict());
    }
    return verdicts;
  }
}
