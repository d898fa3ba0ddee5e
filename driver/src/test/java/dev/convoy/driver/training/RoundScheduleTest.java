package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.Experiments;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundScheduleTest {
  @TempDir Path temporary;

  /**
   * Epochs of 9 batches of 4 on the larger shard; 9 rounds in each of the first two epochs, later 5
   * of two batches.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.5, 5",
    "1, 9",
    "1.1111111111111112, 10",
    "1.9, 18",
    "2, 18",
    "2.1, 19",
    "3, 23",
    "10.5, 61",
    "3e9, 15000000008",
    "1e300, 9223372036854775807"
  })
  void roundsOfTheFirstEpochsAreCountedHoweverManyTheyAre(double epochs, long rounds) {
    RoundSchedule schedule =
        new RoundSchedule(
            Experiments.small(
                temporary,
                "training.batch-size=4",
                "training.averaging-frequency=2",
                "averaging.every-batch-for=2 epochs"),
            new int[] {30, 35});
    assertThat(schedule.roundsBefore(epochs)).isEqualTo(rounds);
  }
}
