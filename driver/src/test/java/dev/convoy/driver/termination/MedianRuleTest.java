package dev.convoy.driver.termination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.driver.state.EarlyStopping.Metric;
import dev.convoy.driver.termination.Scheduler.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MedianRuleTest {
  private final Scheduler rule = median(Metric.VALIDATION_ACCURACY, 2, 3);

  private static Scheduler median(Metric metric, int minEpochs, int minTrials) {
    return TerminationRules.FAMILY
        .create(
            new ComponentSettings(
                "median", Map.of("min-epochs", minEpochs, "min-trials", minTrials)))
        .scheduler(9, Limits.of(20), metric);
  }

  private static List<CurvePoint> curve(double... metrics) {
    List<CurvePoint> curve = new ArrayList<>();
    for (int i = 0; i < metrics.length; i++) {
      curve.add(new CurvePoint(i + 1, metrics[i]));
    }
    return curve;
  }

  @Test
  void endsATrialWhoseBestIsBelowTheMedianOfTheOthersMeans() {
    rule.learn(1, curve(0.5, 0.7)); // mean 0.6
    rule.learn(2, curve(0.6, 0.8)); // mean 0.7
    rule.learn(3, curve(0.7, 0.9)); // mean 0.8
    assertThat(rule.ends(4, curve(0.6, 0.69))).isTrue();
    assertThat(rule.ends(5, curve(0.6, 0.71))).isFalse();
  }

  @Test
  void countsMeansUpToTheSameEpochAlone() {
    rule.learn(1, curve(0.5, 0.5, 0.99, 0.99));
    rule.learn(2, curve(0.5, 0.5, 0.99, 0.99));
    rule.learn(3, curve(0.5, 0.5, 0.99, 0.99));
    assertThat(rule.ends(4, curve(0.4, 0.51))).isFalse();
  }

  @Test
  void givesEveryTrialItsGracePeriod() {
    rule.learn(1, curve(0.9, 0.9));
    rule.learn(2, curve(0.9, 0.9));
    rule.learn(3, curve(0.9, 0.9));
    assertThat(rule.ends(4, curve(0.1))).isFalse();
    assertThat(rule.ends(4, curve(0.1, 0.1))).isTrue();
  }

  @Test
  void waitsForEnoughOthersToHaveComeAsFar() {
    rule.learn(1, curve(0.9, 0.9));
    rule.learn(2, curve(0.9, 0.9));
    rule.learn(3, curve(0.9));
    assertThat(rule.ends(4, curve(0.1, 0.1))).isFalse();
  }

  @Test
  void aMetricThatIsNoNumberIsTheWorst() {
    rule.learn(1, curve(0.2, 0.2));
    rule.learn(2, curve(0.2, 0.2));
    rule.learn(3, curve(0.2, 0.2));
    assertThat(rule.ends(4, curve(Double.NaN, Double.NaN))).isTrue();
  }

  @Test
  void lowerIsBetterForALoss() {
    Scheduler loss = median(Metric.VALIDATION_LOSS, 1, 1);
    loss.learn(1, curve(1.0));
    assertThat(loss.ends(2, curve(1.1))).isTrue();
    assertThat(loss.ends(3, curve(0.9))).isFalse();
  }
}
