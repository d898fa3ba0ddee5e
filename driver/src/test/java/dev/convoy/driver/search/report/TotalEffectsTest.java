package dev.convoy.driver.search.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class TotalEffectsTest {
  private static final int POINTS = 20_000;

  /** Some three standard errors of the largest effect at this number of points. */
  private static final double SAMPLING_ERROR = 0.03;

  @Test
  void ofASumEachTakesItsShareOfTheVariance() {
    // Variances of uniform variables scaled by 3 and 1: 9/12 and 1/12.
    Map<String, Double> effects = effects(point -> 3 * number(point, "a") + number(point, "b"));
    assertThat(effects.get("a")).isCloseTo(0.9, within(SAMPLING_ERROR));
    assertThat(effects.get("b")).isCloseTo(0.1, within(SAMPLING_ERROR));
    assertThat(effects.get("c")).isZero();
  }

  @Test
  void anInteractionCountsForAllThatTakePart() {
    // The product of centred variables has no effect of either alone.
    Map<String, Double> effects =
        effects(point -> (number(point, "a") - 0.5) * (number(point, "b") - 0.5));
    assertThat(effects.get("a")).isCloseTo(1, within(SAMPLING_ERROR));
    assertThat(effects.get("b")).isCloseTo(1, within(SAMPLING_ERROR));
    assertThat(effects.get("c")).isZero();
  }

  @Test
  void whatIsActiveInPartOfTheSpaceCountsForThatPart() {
    // Half the points have b, uniform in [0, 1); without it the function is at b's mean.
    List<Map<String, Object>> points = conditional();
    Map<String, Double> effects =
        TotalEffects.of(
                point -> number(point, "a") + (point.containsKey("b") ? number(point, "b") : 0.5),
                List.of("a", "b", "switch"),
                points,
                1)
            .orElseThrow();
    assertThat(effects.get("a")).isCloseTo(2.0 / 3, within(SAMPLING_ERROR));
    assertThat(effects.get("b")).isCloseTo(1.0 / 3, within(SAMPLING_ERROR));
  }

  @Test
  void aChangeTakesAlongWhatItSwitchesOnAndOff() {
    // All of the function is whether b is active, and that is the switch's doing.
    Map<String, Double> effects =
        TotalEffects.of(
                point -> point.containsKey("b") ? 1 : 0,
                List.of("a", "b", "switch"),
                conditional(),
                1)
            .orElseThrow();
    assertThat(effects.get("switch")).isCloseTo(1, within(SAMPLING_ERROR));
    assertThat(effects.get("b")).isZero();
    assertThat(effects.get("a")).isZero();
  }

  @Test
  void aConstantHasNone() {
    assertThat(TotalEffects.of(point -> 7, List.of("a"), uniform(), 1)).isEmpty();
  }

  private static Map<String, Double> effects(ToDoubleFunction<Map<String, Object>> function) {
    return TotalEffects.of(function, List.of("a", "b", "c"), uniform(), 1).orElseThrow();
  }

  private static double number(Map<String, Object> point, String name) {
    return (double) point.get(name);
  }

  private static List<Map<String, Object>> uniform() {
    Random random = new Random(11);
    List<Map<String, Object>> points = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      points.add(
          Map.of("a", random.nextDouble(), "b", random.nextDouble(), "c", random.nextDouble()));
    }
    return points;
  }

  private static List<Map<String, Object>> conditional() {
    Random random = new Random(12);
    List<Map<String, Object>> points = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      Map<String, Object> point = new HashMap<>();
      point.put("a", random.nextDouble());
      point.put("switch", random.nextBoolean() ? "on" : "off");
      if (point.get("switch").equals("on")) {
        point.put("b", random.nextDouble());
      }
      points.add(point);
    }
    return points;
  }
}
