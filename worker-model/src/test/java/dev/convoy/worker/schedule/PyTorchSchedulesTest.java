package dev.convoy.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every step's rate as {@code pytorch_schedules.py} was given it by PyTorch 1.13. */
class PyTorchSchedulesTest {
  /** PyTorch multiplies the rate of the last step, 160 times one after the other. */
  private static final double ROUNDING = 1e-13;

  private static final double RATE = 0.4;
  private static final int STEPS_PER_EPOCH = 8;
  private static final int EPOCHS = 20;
  private static final int STEPS = STEPS_PER_EPOCH * EPOCHS;

  private static final Map<String, double[]> PYTORCH = read();

  static Stream<Arguments> schedules() {
    return Stream.of(
        Arguments.of("step", Map.of("milestones", List.of(3, 7.5, 12), "factor", 0.2)),
        Arguments.of("periodic-step", Map.of("period", "6 epochs", "factor", 0.3)),
        Arguments.of("exponential", Map.of("gamma", 0.9)),
        Arguments.of("polynomial", Map.of("power", 1.5)),
        Arguments.of("linear", Map.of("initial-fraction", 0.25, "final-fraction", 0.75)),
        Arguments.of("cosine", Map.of("final-fraction", 0.1)),
        Arguments.of("warm-restarts", Map.of("first-cycle", "2 epochs", "final-fraction", 0.1)));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void everyStepsRateIsThatOfPyTorch(String name, Map<String, Object> options) {
    Schedule schedule = Schedules.FAMILY.create(new ComponentSettings(name, options));
    LearningRate rate = new LearningRate(RATE, schedule, STEPS_PER_EPOCH, EPOCHS);
    double[] expected = PYTORCH.get(name);
    assertThat(expected).hasSize(STEPS + 1);
    for (int step = 0; step <= STEPS; step++) {
      assertThat(rate.at(step)).as("step %d", step).isCloseTo(expected[step], within(ROUNDING));
    }
  }

  /**
   * PyTorch counts from step 0 to the last step, Convoy from the start of the first to the end of
   * the last: the courses are the same up to a shift of one step.
   */
  @Test
  void oneCycleAndItsMomentumAreThoseOfPyTorchUpToAStep() {
    Schedule schedule = Schedules.FAMILY.create(ComponentSettings.defaults("one-cycle"));
    LearningRate rate = new LearningRate(RATE, schedule, STEPS_PER_EPOCH, EPOCHS);
    MomentumSchedule momentum =
        MomentumSchedules.FAMILY.create(ComponentSettings.defaults("one-cycle"));
    double[] rates = PYTORCH.get("one-cycle");
    double[] momenta = PYTORCH.get("one-cycle-momentum");
    double steepest = Math.PI / 2 / (0.3 * STEPS - 1);
    for (int step = 0; step < STEPS; step++) {
      assertThat(rate.at(step)).as("step %d", step).isCloseTo(rates[step], within(RATE * steepest));
      assertThat(momentum.momentum(rate.epochs(step), EPOCHS).getAsDouble())
          .as("momentum of step %d", step)
          .isCloseTo(momenta[step], within(0.1 * steepest));
    }
    assertThat(rate.at(STEPS)).isCloseTo(rates[STEPS - 1], within(ROUNDING));
    assertThat(momentum.momentum(EPOCHS, EPOCHS).getAsDouble())
        .isCloseTo(momenta[STEPS - 1], within(ROUNDING));
  }

  private static Map<String, double[]> read() {
    try (InputStream in = PyTorchSchedulesTest.class.getResourceAsStream("pytorch_schedules.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" ", -1))
          .collect(
              Collectors.toMap(
                  words -> words[0],
                  words -> Arrays.stream(words).skip(1).mapToDouble(Double::valueOf).toArray()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
