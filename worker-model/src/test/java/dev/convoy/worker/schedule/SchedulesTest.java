package dev.convoy.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulesTest {
  /** The same formula in another order of operations, in double precision. */
  private static final double ROUNDING = 1e-12;

  private static final double RATE = 0.4;
  private static final int STEPS_PER_EPOCH = 8;
  private static final int EPOCHS = 20;
  private static final int STEPS = STEPS_PER_EPOCH * EPOCHS;

  @Test
  void theSchedulesAreListedByName() {
    assertThat(Schedules.FAMILY.names())
        .containsExactly(
            "constant",
            "cosine",
            "exponential",
            "inverse-time",
            "linear",
            "one-cycle",
            "periodic-step",
            "piecewise",
            "polynomial",
            "step",
            "warm-restarts");
  }

  @Test
  void anUnknownScheduleIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> rate("sawtooth", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make schedule sawtooth: name = sawtooth: expected one of "
                + String.join(", ", Schedules.FAMILY.names())
                + ".");
  }

  @Test
  void aConstantRateNeverChanges() {
    LearningRate rate = rate("constant", Map.of());
    for (int step = 0; step <= 2 * STEPS; step++) {
      assertThat(rate.at(step)).isEqualTo(RATE);
    }
  }

  static Stream<String> withWarmUp() {
    return names().stream().filter(name -> !name.equals("one-cycle"));
  }

  static Set<String> names() {
    return Schedules.FAMILY.names();
  }

  @ParameterizedTest
  @MethodSource("withWarmUp")
  void warmUpIsLinearFromZeroAndEndsAtTheFullRate(String name) {
    long warmUpSteps = 20;
    LearningRate rate = rate(name, Map.of("warm-up", "2.5 epochs"));
    for (long step = 0; step <= warmUpSteps; step++) {
      assertThat(rate.at(step))
          .as("step %d", step)
          .isCloseTo(RATE * step / warmUpSteps, within(ROUNDING));
    }
    assertThat(rate.at(0)).isZero();
    assertThat(rate.at(warmUpSteps)).isEqualTo(RATE);
  }

  @Test
  void stepMultipliesTheRateByTheFactorWhenAMilestoneBegins() {
    LearningRate rate = rate("step", Map.of("milestones", List.of(3, 7.5, 12), "factor", 0.2));
    for (int step = 0; step < STEPS; step++) {
      int passed = step < 24 ? 0 : step < 60 ? 1 : step < 96 ? 2 : 3;
      assertThat(rate.at(step))
          .as("step %d", step)
          .isCloseTo(RATE * Math.pow(0.2, passed), within(ROUNDING));
    }
  }

  @Test
  void aMilestoneWithinTheWarmUpCountsAtOnce() {
    LearningRate rate = rate("step", Map.of("warm-up", "4 epochs", "milestones", List.of(1)));
    assertThat(rate.at(2L * STEPS_PER_EPOCH)).isCloseTo(RATE * 0.5 * 0.1, within(ROUNDING));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 0.05", "2, 0", "2.5, 0.05"})
  void cosineFallsByHalfAWaveAfterTheWarmUp(double warmUpEpochs, double finalFraction) {
    LearningRate rate =
        rate(
            "cosine", Map.of("warm-up", warmUpEpochs + " epochs", "final-fraction", finalFraction));
    long first = Math.round(warmUpEpochs * STEPS_PER_EPOCH);
    double lowest = finalFraction * RATE;
    for (long step = first; step <= STEPS; step++) {
      double progress = (double) (step - first) / (STEPS - first);
      assertThat(rate.at(step))
          .as("step %d", step)
          .isCloseTo(
              lowest + (RATE - lowest) * 0.5 * (1 + Math.cos(Math.PI * progress)),
              within(ROUNDING));
    }
    assertThat(rate.at(2L * STEPS)).isCloseTo(lowest, within(ROUNDING));
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "2, 4"})
  void cosineStartsAnewInEveryCycle(double warmUpEpochs, int cycles) {
    LearningRate rate =
        rate(
            "cosine",
            Map.of("warm-up", warmUpEpochs + " epochs", "final-fraction", 0.1, "cycles", cycles));
    long first = Math.round(warmUpEpochs * STEPS_PER_EPOCH);
    double length = (double) (STEPS - first) / cycles;
    for (long step = first; step < STEPS; step++) {
      double ofCycle = (step - first) % length / length;
      assertThat(rate.at(step))
          .as("step %d", step)
          .isCloseTo(
              0.1 * RATE + 0.9 * RATE * 0.5 * (1 + Math.cos(Math.PI * ofCycle)), within(ROUNDING));
    }
    assertThat(rate.at(STEPS)).isCloseTo(0.1 * RATE, within(ROUNDING));
  }

  /** 0.1, added ten times, is less than 1; a cycle begins with the full rate nevertheless. */
  @Test
  void fractionalCyclesOfWarmRestartsBeginWithTheFullRate() {
    Map<String, Object> cycles = Map.of("first-cycle", "0.1 epochs", "cycle-growth", 1);
    for (int stepsPerEpoch : List.of(10, 30, 170)) {
      LearningRate rate = rate("warm-restarts", cycles, stepsPerEpoch);
      int length = stepsPerEpoch / 10;
      for (int step = 0; step < 20 * stepsPerEpoch; step++) {
        double ofCycle = (double) (step % length) / length;
        assertThat(rate.at(step))
            .as("step %d of %d an epoch", step, stepsPerEpoch)
            .isCloseTo(RATE * 0.5 * (1 + Math.cos(Math.PI * ofCycle)), within(1e-8));
      }
    }
  }

  @Test
  void theMeanRateOfStepsIsTheirMean() {
    LearningRate rate = rate("cosine", Map.of("cycles", 3));
    double sum = 0;
    for (int step = 50; step < 60; step++) {
      sum += rate.at(step);
    }
    assertThat(rate.mean(50, 10)).isCloseTo(sum / 10, within(ROUNDING));
    assertThat(rate.mean(50, 1)).isEqualTo(rate.at(50));
    assertThat(rate("constant", Map.of()).mean(3, 7)).isEqualTo(RATE);
  }

  @Test
  void growingFractionalCyclesBeginWithTheFullRate() {
    Map<String, Object> cycles = Map.of("first-cycle", "0.1 epochs", "cycle-growth", 1.5);
    LearningRate rate = rate("warm-restarts", cycles, 3200);
    long begin = 0;
    for (long length = 320; length % 2 == 0; length = length * 3 / 2) {
      assertThat(rate.at(begin)).as("step %d", begin).isCloseTo(RATE, within(1e-8));
      assertThat(rate.at(begin + length - 1)).isLessThan(1e-3 * RATE);
      begin += length;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 7, 49, 93, 98, 103})
  void everyCycleOfCosineBeginsWithTheFullRate(int cycles) {
    LearningRate rate = rate("cosine", Map.of("cycles", cycles), cycles);
    for (long cycle = 0; cycle < cycles; cycle++) {
      assertThat(rate.at(cycle * EPOCHS)).as("cycle %d", cycle).isCloseTo(RATE, within(1e-8));
      assertThat(rate.at(cycle * EPOCHS + EPOCHS - 1)).isLessThan(0.01 * RATE);
    }
  }

  @Test
  void fractionalPeriodsEndWithTheirStep() {
    LearningRate rate = rate("periodic-step", Map.of("period", "0.1 epochs", "factor", 0.999), 10);
    for (int step = 0; step < 200; step++) {
      assertThat(rate.at(step))
          .as("step %d", step)
          .isCloseTo(RATE * Math.pow(0.999, step), within(1e-8));
    }
  }

  @Test
  void aWarmUpAsLongAsTheRunIsAllThatCosineDoes() {
    LearningRate rate = rate("cosine", Map.of("warm-up", EPOCHS + " epochs"));
    assertThat(rate.at(STEPS / 2)).isCloseTo(RATE / 2, within(ROUNDING));
    assertThat(rate.at(STEPS)).isEqualTo(RATE);
  }

  @Test
  void oneCycleRisesToThePeakAndFallsBelowItsStart() {
    LearningRate rate =
        rate("one-cycle", Map.of("peak-at", 0.25, "initial-division", 10, "final-division", 100));
    assertThat(rate.at(0)).isCloseTo(RATE / 10, within(ROUNDING));
    assertThat(rate.at(STEPS / 8)).isCloseTo((RATE / 10 + RATE) / 2, within(ROUNDING));
    assertThat(rate.at(STEPS / 4)).isCloseTo(RATE, within(ROUNDING));
    assertThat(rate.at(STEPS / 8 * 5)).isCloseTo((RATE + RATE / 1000) / 2, within(ROUNDING));
    assertThat(rate.at(STEPS)).isCloseTo(RATE / 1000, within(ROUNDING));
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
    LearningRate rate =
        new LearningRate(RATE, schedule("one-cycle", Map.of()), stepsPerEpoch, epochs);
    double steepestStep = RATE * Math.PI / 2 / (0.3 * total - 1);
    for (int step : new int[] {0, 1, 50, 150, 298, 299, 300, 301, 500, 700, 998, 999}) {
      assertThat(rate.at(step))
          .as("step %d", step)
          .isCloseTo(pyTorchOneCycle(step, total), within(steepestStep));
    }
    assertThat(rate.at(0)).isCloseTo(pyTorchOneCycle(0, total), within(ROUNDING));
    assertThat(rate.at(total)).isCloseTo(pyTorchOneCycle(total - 1, total), within(ROUNDING));
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
  @MethodSource("names")
  void everyScheduleScalesWithTheLearningRate(String name) {
    Schedule schedule = schedule(name, Map.of());
    LearningRate one = new LearningRate(1, schedule, STEPS_PER_EPOCH, EPOCHS);
    LearningRate eighth = new LearningRate(0.125, schedule, STEPS_PER_EPOCH, EPOCHS);
    for (int step = 0; step <= STEPS; step++) {
      assertThat(eighth.at(step)).isEqualTo(one.at(step) / 8).isBetween(0.0, 0.125);
    }
  }

  /** Robbins and Monro 1951. */
  @Test
  void inverseTimeFallsAsOneOverTheEpochsSinceTheWarmUp() {
    LearningRate rate = rate("inverse-time", Map.of("warm-up", "2 epochs", "decay", 0.5));
    for (int step = 2 * STEPS_PER_EPOCH; step <= STEPS; step++) {
      double epochs = step / (double) STEPS_PER_EPOCH - 2;
      assertThat(rate.at(step)).isCloseTo(RATE / (1 + 0.5 * epochs), within(ROUNDING));
    }
  }

  @Test
  void piecewiseHoldsEachFractionUntilTheNextPoint() {
    LearningRate rate =
        rate(
            "piecewise",
            Map.of("points", List.of(List.of(10, 0.5), List.of(2, 1), List.of(15, 0.1))));
    for (int step = 0; step <= STEPS; step++) {
      double fraction = step < 80 ? 1 : step < 120 ? 0.5 : 0.1;
      assertThat(rate.at(step)).as("step %d", step).isCloseTo(RATE * fraction, within(ROUNDING));
    }
  }

  @Test
  void piecewiseCanGoAlongStraightLines() {
    LearningRate rate =
        rate(
            "piecewise",
            Map.of(
                "points", List.of(List.of(2, 0.2), List.of(4, 1), List.of(12, 0)), "linear", true));
    for (int step = 0; step <= STEPS; step++) {
      double epoch = step / (double) STEPS_PER_EPOCH;
      double fraction =
          epoch < 2 ? 0.2 : epoch < 4 ? 0.2 + 0.4 * (epoch - 2) : Math.max(0, 1 - (epoch - 4) / 8);
      assertThat(rate.at(step)).as("step %d", step).isCloseTo(RATE * fraction, within(ROUNDING));
    }
  }

  @Test
  void aPointThatIsNoPairIsRefused() {
    assertThatThrownBy(() -> rate("piecewise", Map.of("points", List.of(List.of(1)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("points[0] = [1]: expected a list of exactly 2 elements");
  }

  private static LearningRate rate(String name, Map<String, Object> options) {
    return rate(name, options, STEPS_PER_EPOCH);
  }

  private static LearningRate rate(String name, Map<String, Object> options, int stepsPerEpoch) {
    return new LearningRate(RATE, schedule(name, options), stepsPerEpoch, EPOCHS);
  }

  private static Schedule schedule(String name, Map<String, Object> options) {
    return Schedules.FAMILY.create(new ComponentSettings(name, options));
  }
}
