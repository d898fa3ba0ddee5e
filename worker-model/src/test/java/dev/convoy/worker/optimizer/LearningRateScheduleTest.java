package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearningRateScheduleTest {
  /** The same formula in another order of operations, in double precision. */
  private static final double ROUNDING = 1e-12;

  private static final double RATE = 0.4;
  private static final int STEPS_PER_EPOCH = 8;
  private static final int EPOCHS = 20;
  private static final int STEPS = STEPS_PER_EPOCH * EPOCHS;

  @Test
  void theShapesAreListedByName() {
    assertThat(LearningRateSchedule.names())
        .containsExactly("constant", "cosine", "one-cycle", "step");
  }

  @Test
  void anUnknownShapeIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> schedule(shape("exponential", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make a schedule: expected one of [constant, cosine, one-cycle, step], found"
                + " exponential");
  }

  @Test
  void aConstantRateNeverChanges() {
    LearningRateSchedule schedule = schedule(ScheduleSettings.constant());
    for (int step = 0; step <= 2 * STEPS; step++) {
      assertThat(schedule.rate(step)).isEqualTo(RATE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "step", "cosine"})
  void warmUpIsLinearFromZeroAndEndsAtTheFullRate(String name) {
    double warmUpEpochs = 2.5;
    long warmUpSteps = 20;
    LearningRateSchedule schedule = schedule(shape(name, warmUpEpochs));
    for (long step = 0; step <= warmUpSteps; step++) {
      assertThat(schedule.rate(step))
          .as("step %d", step)
          .isCloseTo(RATE * step / warmUpSteps, within(ROUNDING));
    }
    assertThat(schedule.rate(0)).isZero();
    assertThat(schedule.rate(warmUpSteps)).isEqualTo(RATE);
  }

  @Test
  void stepMultipliesTheRateByTheFactorWhenAMilestoneBegins() {
    ScheduleSettings settings =
        new ScheduleSettings("step", 0, List.of(3.0, 7.5, 12.0), 0.2, 0, 1, 0.3, 25, 1e4);
    LearningRateSchedule schedule = schedule(settings);
    for (int step = 0; step < STEPS; step++) {
      int passed = step < 24 ? 0 : step < 60 ? 1 : step < 96 ? 2 : 3;
      assertThat(schedule.rate(step))
          .as("step %d", step)
          .isCloseTo(RATE * Math.pow(0.2, passed), within(ROUNDING));
    }
  }

  @Test
  void aMilestoneWithinTheWarmUpCountsAtOnce() {
    ScheduleSettings settings =
        new ScheduleSettings("step", 4, List.of(1.0), 0.1, 0, 1, 0.3, 25, 1e4);
    assertThat(schedule(settings).rate(2L * STEPS_PER_EPOCH))
        .isCloseTo(RATE * 0.5 * 0.1, within(ROUNDING));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 0.05", "2, 0", "2.5, 0.05"})
  void cosineFallsByHalfAWaveAfterTheWarmUp(double warmUpEpochs, double finalFraction) {
    ScheduleSettings settings =
        new ScheduleSettings(
            "cosine", warmUpEpochs, List.of(), 0.1, finalFraction, 1, 0.3, 25, 1e4);
    LearningRateSchedule schedule = schedule(settings);
    long first = Math.round(warmUpEpochs * STEPS_PER_EPOCH);
    double lowest = finalFraction * RATE;
    for (long step = first; step <= STEPS; step++) {
      double progress = (double) (step - first) / (STEPS - first);
      assertThat(schedule.rate(step))
          .as("step %d", step)
          .isCloseTo(
              lowest + (RATE - lowest) * 0.5 * (1 + Math.cos(Math.PI * progress)),
              within(ROUNDING));
    }
    assertThat(schedule.rate(2L * STEPS)).isCloseTo(lowest, within(ROUNDING));
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "2, 4"})
  void cosineStartsAnewInEveryCycle(double warmUpEpochs, int cycles) {
    ScheduleSettings settings =
        new ScheduleSettings("cosine", warmUpEpochs, List.of(), 0.1, 0.1, cycles, 0.3, 25, 1e4);
    LearningRateSchedule schedule = schedule(settings);
    long first = Math.round(warmUpEpochs * STEPS_PER_EPOCH);
    double length = (double) (STEPS - first) / cycles;
    for (long step = first; step < STEPS; step++) {
      double ofCycle = (step - first) % length / length;
      assertThat(schedule.rate(step))
          .as("step %d", step)
          .isCloseTo(
              0.1 * RATE + 0.9 * RATE * 0.5 * (1 + Math.cos(Math.PI * ofCycle)), within(ROUNDING));
    }
    assertThat(schedule.rate(STEPS)).isCloseTo(0.1 * RATE, within(ROUNDING));
  }

  @Test
  void aWarmUpAsLongAsTheRunIsAllThatCosineDoes() {
    LearningRateSchedule schedule = schedule(shape("cosine", EPOCHS));
    assertThat(schedule.rate(STEPS / 2)).isCloseTo(RATE / 2, within(ROUNDING));
    assertThat(schedule.rate(STEPS)).isEqualTo(RATE);
  }

  @Test
  void oneCycleRisesToThePeakAndFallsBelowItsStart() {
    ScheduleSettings settings =
        new ScheduleSettings("one-cycle", 0, List.of(), 0.1, 0, 1, 0.25, 10, 100);
    LearningRateSchedule schedule = schedule(settings);
    assertThat(schedule.rate(0)).isCloseTo(RATE / 10, within(ROUNDING));
    assertThat(schedule.rate(STEPS / 8)).isCloseTo((RATE / 10 + RATE) / 2, within(ROUNDING));
    assertThat(schedule.rate(STEPS / 4)).isCloseTo(RATE, within(ROUNDING));
    assertThat(schedule.rate(STEPS / 8 * 5)).isCloseTo((RATE + RATE / 1000) / 2, within(ROUNDING));
    assertThat(schedule.rate(STEPS)).isCloseTo(RATE / 1000, within(ROUNDING));
  }

  /**
   * PyTorch counts from step 0 to the last step, Convoy from the start of the first to the end of
   * the last; so the curves are the same up to a shift of one step.
   */
  @Test
  void oneCycleFollowsThatOfPyTorchWithItsDefaults() {
    int stepsPerEpoch = 100;
    int epochs = 10;
    int total = stepsPerEpoch * epochs;
    LearningRateSchedule schedule =
        new LearningRateSchedule(RATE, shape("one-cycle", 0), stepsPerEpoch, epochs);
    double steepestStep = RATE * Math.PI / 2 / (0.3 * total - 1);
    for (int step : new int[] {0, 1, 50, 150, 298, 299, 300, 301, 500, 700, 998, 999}) {
      assertThat(schedule.rate(step))
          .as("step %d", step)
          .isCloseTo(pyTorchOneCycle(step, total), within(steepestStep));
    }
    assertThat(schedule.rate(0)).isCloseTo(pyTorchOneCycle(0, total), within(ROUNDING));
    assertThat(schedule.rate(total)).isCloseTo(pyTorchOneCycle(total - 1, total), within(ROUNDING));
  }

  /** torch.optim.lr_scheduler.OneCycleLR(pct_start=0.3, div_factor=25, final_div_factor=1e4). */
  private static double pyTorchOneCycle(int step, int total) {
    double initial = RATE / 25;
    double last = initial / 1e4;
    double rising = 0.3 * total - 1;
    double falling = total - 1 - rising;
    return step <= rising
        ? RATE + (initial - RATE) / 2 * (1 + Math.cos(Math.PI * step / rising))
        : last + (RATE - last) / 2 * (1 + Math.cos(Math.PI * (step - rising) / falling));
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "step", "cosine", "one-cycle"})
  void everyShapeScalesWithTheLearningRate(String name) {
    LearningRateSchedule one = new LearningRateSchedule(1, shape(name, 1), STEPS_PER_EPOCH, EPOCHS);
    LearningRateSchedule tenth =
        new LearningRateSchedule(0.125, shape(name, 1), STEPS_PER_EPOCH, EPOCHS);
    for (int step = 0; step <= STEPS; step++) {
      assertThat(tenth.rate(step)).isEqualTo(one.rate(step) / 8).isBetween(0.0, 0.125);
    }
  }

  private static LearningRateSchedule schedule(ScheduleSettings settings) {
    return new LearningRateSchedule(RATE, settings, STEPS_PER_EPOCH, EPOCHS);
  }

  private static ScheduleSettings shape(String name, double warmUpEpochs) {
    return new ScheduleSettings(name, warmUpEpochs, List.of(), 0.1, 0, 1, 0.3, 25, 1e4);
  }
}
