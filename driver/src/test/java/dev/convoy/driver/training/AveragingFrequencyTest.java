package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.configuration.RunConfiguration.FrequencySettings;
import dev.convoy.driver.configuration.RunConfiguration.FrequencySettings.Adaptive;
import dev.convoy.driver.state.TrainingState.EpochTotals;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AveragingFrequencyTest {
  private static final int STEPS = 400;

  private static EpochTotals measured(double roundSeconds, double computeSeconds) {
    return new EpochTotals(100, 0, 1, roundSeconds, computeSeconds);
  }

  private static AveragingFrequency adaptive(double share, int smallest, int largest) {
    return new AveragingFrequency(
        20, new FrequencySettings(0, Optional.of(new Adaptive(share, smallest, largest))), STEPS);
  }

  @Test
  void theFirstEpochsAreAveragedAfterEveryBatch() {
    AveragingFrequency frequency =
        new AveragingFrequency(20, new FrequencySettings(2, Optional.empty()), STEPS);
    assertThat(frequency.of(0)).isOne();
    assertThat(frequency.after(0, 1, measured(10, 1))).isOne();
    assertThat(frequency.after(1, 1, measured(10, 1))).isEqualTo(20);
    assertThat(frequency.after(2, 20, measured(10, 1))).isEqualTo(20);
  }

  /** With the chosen frequency, and costs as they were, synchronising takes the wanted share. */
  @ParameterizedTest
  @CsvSource({"20, 14, 0.1", "20, 11, 0.1", "20, 20, 0.25", "10, 12, 0.1"})
  void synchronisingWillTakeTheWantedShare(int now, double seconds, double share) {
    double computing = 10;
    int next = adaptive(share, 1, 1000).after(3, now, measured(seconds, computing));
    double perRound = (seconds - computing) / (STEPS / (double) now);
    double perBatch = computing / STEPS;
    assertThat(perRound / (perRound + next * perBatch)).isCloseTo(share, within(0.01));
  }

  @Test
  void itStaysWithinItsBoundsAndTheEpochAndChangesByAFactorOfFourAtMost() {
    assertThat(adaptive(0.1, 1, 60).after(0, 20, measured(30, 10))).isEqualTo(60);
    assertThat(adaptive(0.1, 15, 60).after(0, 20, measured(10.01, 10))).isEqualTo(15);
    assertThat(adaptive(0.1, 1, 1000).after(0, 20, measured(1000, 10))).isEqualTo(80);
    assertThat(adaptive(0.1, 1, 1000).after(0, 20, measured(10, 10))).isEqualTo(5);
    assertThat(adaptive(0.1, 1, 1000).after(0, 300, measured(1000, 10))).isEqualTo(STEPS);
    assertThat(adaptive(0.1, 1, 1000).after(0, 20, measured(0, 0))).isEqualTo(20);
  }
}
