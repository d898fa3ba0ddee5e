package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** SlowMo and DiLoCo beside loops that are written from their papers, in double precision. */
class OuterMomentumTest {
  private static final int LENGTH = 30;
  private static final int WEIGHTS = 22;
  private static final Layout LEARNED = new Layout(List.of(new Learned(0, WEIGHTS)), List.of());
  private static final double ROUNDING = 2e-5;

  private final Random random = new Random(5);

  @Test
  void slowMomentumIsInUnitsOfTheLearningRate() {
    double beta = 0.6;
    double alpha = 0.9;
    AveragingRule rule = rule("slowmo", Map.of("momentum", beta, "slow-learning-rate", alpha));
    ModelState state = ModelState.first(floats());
    double[] weights = doubles(state.parameters());
    double[] slow = new double[LENGTH];
    for (int round = 0; round < 8; round++) {
      double rate = 0.1 / (1 + round);
      float[] first = floats();
      float[] second = floats();
      for (int i = 0; i < LENGTH; i++) {
        double mean = (3.0 * first[i] + second[i]) / 4;
        if (i < WEIGHTS) {
          slow[i] = beta * slow[i] + (weights[i] - mean) / rate;
          weights[i] -= alpha * rate * slow[i];
        } else {
          weights[i] = mean;
        }
      }
      state = next(rule, state, new RoundPlace(round, rate, 2), first, second);
      assertThat(doubles(state.parameters())).containsExactly(weights, within(ROUNDING));
    }
  }

  @Test
  void atOneLearningRateSlowMomentumIsBlockMomentum() {
    AveragingRule slow = rule("slowmo", Map.of("momentum", 0.6, "slow-learning-rate", 0.9));
    AveragingRule block =
        rule("block-momentum", Map.of("momentum", 0.6, "block-learning-rate", 0.9));
    ModelState one = ModelState.first(floats());
    ModelState other = one;
    for (int round = 0; round < 6; round++) {
      float[] first = floats();
      float[] second = floats();
      one = next(slow, one, new RoundPlace(round, 0.03, 2), first, second);
      other = next(block, other, new RoundPlace(round, 0.03, 2), first, second);
      assertThat(doubles(one.parameters()))
          .containsExactly(doubles(other.parameters()), within(ROUNDING));
    }
  }

  @Test
  void aRoundWithoutALearningRateTakesTheMean() {
    AveragingRule rule = rule("slowmo", Map.of());
    float[] same = floats();
    ModelState next =
        next(rule, ModelState.first(floats()), new RoundPlace(0, 0, 2), same, same.clone());
    assertThat(next.parameters()).isEqualTo(same);
    assertThat(next.averaging("slow-momentum")).containsOnly(0);
  }

  @Test
  void diLoCoTakesAStepOfNesterovAlongTheMeanChange() {
    double momentum = 0.9;
    double rate = 0.7;
    AveragingRule rule = rule("diloco", Map.of());
    ModelState state = ModelState.first(floats());
    double[] weights = doubles(state.parameters());
    double[] velocity = new double[LENGTH];
    for (int round = 0; round < 8; round++) {
      float[] first = floats();
      float[] second = floats();
      for (int i = 0; i < LENGTH; i++) {
        double mean = (3.0 * first[i] + second[i]) / 4;
        if (i < WEIGHTS) {
          double gradient = weights[i] - mean;
          velocity[i] = momentum * velocity[i] + gradient;
          weights[i] -= rate * (gradient + momentum * velocity[i]);
        } else {
          weights[i] = mean;
        }
      }
      state = next(rule, state, new RoundPlace(round, 0.1, 2), first, second);
      assertThat(doubles(state.parameters())).containsExactly(weights, within(ROUNDING));
    }
  }

  private static AveragingRule rule(String name, Map<String, Object> options) {
    return AveragingRules.FAMILY.create(new ComponentSettings(name, options));
  }

  /** A round of two workers, with three examples and with one. */
  private static ModelState next(
      AveragingRule rule, ModelState before, RoundPlace place, float[] first, float[] second) {
    float[] parameters = before.parameters().clone();
    AveragingRule.Round round = rule.begin(before, place, LEARNED);
    round.add(first, 3);
    round.add(second, 1);
    AveragingRule.Result result = round.end();
    assertThat(before.parameters()).isEqualTo(parameters);
    return new ModelState(result.parameters(), new float[0], result.arrays());
  }

  private float[] floats() {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
