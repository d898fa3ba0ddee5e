package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MovingAverageTest {
  private static final float FLOAT_ROUNDING = 1e-6f;
  private static final int LENGTH = 20;

  private final Random random = new Random(3);

  @Test
  void noAverageIsKeptWithoutTheRule() {
    ModelState state = next(new PlainMean(), 0, ModelState.first(floats()), floats());
    assertThat(state.movingAverage()).isEmpty();
  }

  @Test
  void theParametersAreThoseOfTheRuleWithin() {
    float[] round = floats();
    ModelState state =
        next(new MovingAverage(new PlainMean(), 0.5, 0), 0, ModelState.first(floats()), round);
    assertThat(state.parameters()).isEqualTo(round);
  }

  /** The weights before the first round, which nobody trained, never take part. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.5, 0.9, 1})
  void roundsAreAveragedByTheFormula(double decay) {
    AveragingRule rule = new MovingAverage(new PlainMean(), decay, 0);
    ModelState state = ModelState.first(floats());
    double[] expected = new double[LENGTH];
    for (int n = 1; n <= 12; n++) {
      float[] round = floats();
      double kept = Math.min(decay, 1 - 1.0 / n);
      for (int i = 0; i < LENGTH; i++) {
        expected[i] = kept * expected[i] + (1 - kept) * round[i];
      }
      state = next(rule, n - 1, state, round);
      float[] average = state.movingAverage().orElseThrow();
      for (int i = 0; i < LENGTH; i++) {
        assertThat(average[i]).isCloseTo((float) expected[i], within(FLOAT_ROUNDING));
      }
    }
  }

  @Test
  void aDecayOfOneIsTheMeanOfAllRounds() {
    AveragingRule rule = new MovingAverage(new PlainMean(), 1, 0);
    ModelState state = ModelState.first(floats());
    double[] sum = new double[LENGTH];
    for (int n = 1; n <= 10; n++) {
      float[] round = floats();
      for (int i = 0; i < LENGTH; i++) {
        sum[i] += round[i];
      }
      state = next(rule, n - 1, state, round);
    }
    for (int i = 0; i < LENGTH; i++) {
      assertThat(state.movingAverage().orElseThrow()[i])
          .isCloseTo((float) (sum[i] / 10), within(FLOAT_ROUNDING));
    }
  }

  @Test
  void anAverageThatBeginsLateIsUntilThenWhatThereIs() {
    AveragingRule rule = new MovingAverage(new PlainMean(), 1, 3);
    ModelState state = ModelState.first(floats());
    double[] sum = new double[LENGTH];
    for (int before = 0; before < 6; before++) {
      float[] round = floats();
      state = next(rule, before, state, round.clone());
      int averaged = Math.max(1, before - 3 + 1);
      for (int i = 0; i < LENGTH; i++) {
        sum[i] = (before <= 3 ? 0 : sum[i]) + round[i];
        assertThat(state.movingAverage().orElseThrow()[i])
            .isCloseTo((float) (sum[i] / averaged), within(FLOAT_ROUNDING));
      }
    }
  }

  @Test
  void theRuleWithinKeepsWhatItRemembers() {
    AveragingRule within =
        AveragingRules.FAMILY.create(
            new ComponentSettings("block-momentum", Map.of("nesterov", "on")));
    AveragingRule rule = new MovingAverage(within, 0.5, 0);
    ModelState plain = ModelState.first(floats());
    ModelState averaged = plain;
    for (int n = 0; n < 4; n++) {
      float[] round = floats();
      plain = next(within, n, plain, round.clone());
      averaged = next(rule, n, averaged, round);
      assertThat(averaged.parameters()).isEqualTo(plain.parameters());
      assertThat(rule.start(averaged)).isEqualTo(within.start(plain));
    }
  }

  private static ModelState next(
      AveragingRule rule, long rounds, ModelState before, float[] round) {
    AveragingRule.Round begun = rule.begin(before, new RoundPlace(rounds, 0.1, 2), Layout.NONE);
    begun.add(round, 5);
    AveragingRule.Result result = begun.end();
    return new ModelState(result.parameters(), new float[0], result.arrays());
  }

  private float[] floats() {
    float[] values = new float[LENGTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
