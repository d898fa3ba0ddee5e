package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.Segment.Kind;
import dev.convoy.worker.optimizer.Segment.UnitAxes;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockMomentumTest {
  /** Some float roundings of values around 1, in each of some rounds. */
  private static final double FLOAT_ROUNDING = 2e-6;

  private static final int WEIGHTS = 40;
  private static final int STATISTICS = 4;
  private static final int LENGTH = WEIGHTS + STATISTICS;
  private static final int ROUNDS = 6;
  private static final List<Segment> SEGMENTS =
      List.of(
          new Segment("dense", 0, "W", Kind.WEIGHT, 0, List.of(8, 5), new UnitAxes(1, 2), true),
          new Segment(
              "norm",
              1,
              "var",
              Kind.RUNNING_STATISTIC,
              WEIGHTS,
              List.of(1, STATISTICS),
              new UnitAxes(1, 2),
              false));

  private final Random random = new Random(11);

  /** Chen and Huo 2016, equations 3 to 6. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void roundsFollowTheFormula(boolean nesterov) {
    double momentum = 0.6;
    double rate = 0.8;
    AveragingRule rule =
        rule(Map.of("momentum", momentum, "block-learning-rate", rate, "nesterov", nesterov));
    ModelState state = ModelState.first(floats());
    double[] global = doubles(state.parameters());
    double[] velocity = new double[LENGTH];
    for (int round = 0; round < ROUNDS; round++) {
      double[] start = global.clone();
      for (int i = 0; nesterov && i < WEIGHTS; i++) {
        start[i] += momentum * velocity[i];
      }
      assertClose(rule.start(state), start);
      float[] first = floats();
      float[] second = floats();
      for (int i = 0; i < LENGTH; i++) {
        double mean = (3.0 * first[i] + second[i]) / 4;
        velocity[i] = i < WEIGHTS ? momentum * velocity[i] + rate * (mean - start[i]) : 0;
        global[i] = i < WEIGHTS ? global[i] + velocity[i] : mean;
      }
      state = next(rule, state, first, second);
      assertClose(state.parameters(), global);
      assertClose(state.averaging("velocity"), velocity);
    }
  }

  @Test
  void withoutMomentumItIsTheMean() {
    AveragingRule rule = rule(Map.of("momentum", 0));
    ModelState before = ModelState.first(floats());
    float[] first = floats();
    float[] second = floats();
    ModelState mean = next(new PlainMean(), before, first, second);
    assertClose(next(rule, before, first, second).parameters(), doubles(mean.parameters()));
  }

  @Test
  void whatARoundBeganWithIsNotWrittenTo() {
    AveragingRule rule = rule(Map.of("nesterov", true));
    ModelState before = next(rule, ModelState.first(floats()), floats(), floats());
    float[] parameters = before.parameters().clone();
    float[] velocity = before.averaging("velocity").clone();
    next(rule, before, floats(), floats());
    assertThat(before.parameters()).isEqualTo(parameters);
    assertThat(before.averaging("velocity")).isEqualTo(velocity);
  }

  private static AveragingRule rule(Map<String, Object> options) {
    return AveragingRules.FAMILY.create(new ComponentSettings("block-momentum", options));
  }

  /** A round of two workers, with three examples and with one. */
  private static ModelState next(
      AveragingRule rule, ModelState before, float[] first, float[] second) {
    AveragingRule.Round round =
        rule.begin(
            before, new RoundPlace(0, 0.1, 2), Layout.of(SEGMENTS, StatisticsAveraging.MEAN));
    round.add(first.clone(), 3);
    round.add(second.clone(), 1);
    AveragingRule.Result result = round.end();
    return new ModelState(result.parameters(), new float[0], result.arrays());
  }

  private float[] floats() {
    float[] values = new float[LENGTH];
    for (int i = 0; i < values.length; i++) {
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

  private static void assertClose(float[] found, double[] expected) {
    assertThat(doubles(found)).containsExactly(expected, within(FLOAT_ROUNDING));
  }
}
