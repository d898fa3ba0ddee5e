package dev.convoy.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MomentumSchedulesTest {
  private static final double ROUNDING = 1e-12;
  private static final int STEPS_PER_EPOCH = 250;
  private static final int EPOCHS = 60;

  @Test
  void constantLeavesItToTheOptimizer() {
    assertThat(schedule("constant", Map.of()).momentum(3, EPOCHS)).isEmpty();
  }

  /** Sutskever et al. 2013, section 3: 1 - 2^(-1 - log2(floor(t / 250) + 1)), at most 0.99. */
  @Test
  void increasingIsThatOfSutskeverWhereAnEpochHas250Steps() {
    MomentumSchedule schedule = schedule("increasing", Map.of());
    for (int step = 0; step < STEPS_PER_EPOCH * EPOCHS; step += 50) {
      double log = Math.log(Math.floorDiv(step, 250) + 1) / Math.log(2);
      double expected = Math.min(0.99, 1 - Math.pow(2, -1 - log));
      assertThat(at(schedule, step)).as("step %d", step).isCloseTo(expected, within(ROUNDING));
    }
    assertThat(at(schedule, 0)).isEqualTo(0.5);
    assertThat(at(schedule, STEPS_PER_EPOCH * EPOCHS)).isEqualTo(0.99);
  }

  @Test
  void linearRisesAndStays() {
    MomentumSchedule schedule = schedule("linear", Map.of("initial", 0.4, "over", "20 epochs"));
    assertThat(schedule.momentum(0, EPOCHS)).hasValue(0.4);
    assertThat(schedule.momentum(5, EPOCHS).getAsDouble())
        .isCloseTo(0.4 + 0.59 / 4, within(ROUNDING));
    assertThat(schedule.momentum(20, EPOCHS)).hasValue(0.99);
    assertThat(schedule.momentum(50, EPOCHS)).hasValue(0.99);
  }

  @Test
  void oneCycleIsLowestWhereTheRateIsHighest() {
    MomentumSchedule schedule = schedule("one-cycle", Map.of("peak-at", 0.5));
    assertThat(schedule.momentum(0, EPOCHS).getAsDouble()).isCloseTo(0.95, within(ROUNDING));
    assertThat(schedule.momentum(15, EPOCHS).getAsDouble()).isCloseTo(0.9, within(ROUNDING));
    assertThat(schedule.momentum(30, EPOCHS).getAsDouble()).isCloseTo(0.85, within(ROUNDING));
    assertThat(schedule.momentum(45, EPOCHS).getAsDouble()).isCloseTo(0.9, within(ROUNDING));
    assertThat(schedule.momentum(60, EPOCHS).getAsDouble()).isCloseTo(0.95, within(ROUNDING));
  }

  private static double at(MomentumSchedule schedule, int step) {
    return schedule.momentum(step / (double) STEPS_PER_EPOCH, EPOCHS).getAsDouble();
  }

  private static MomentumSchedule schedule(String name, Map<String, Object> options) {
    return MomentumSchedules.FAMILY.create(new ComponentSettings(name, options));
  }
}
