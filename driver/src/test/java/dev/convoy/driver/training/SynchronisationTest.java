package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.RunConfiguration;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SynchronisationTest {
  @Test
  void itIsTheTimeThatNobodyComputedIn() {
    Synchronisation found = Synchronisation.of(List.of(round(2, 1), round(3, 2.1)));
    assertThat(found.share()).isCloseTo(1.9 / 5, within(1e-12));
  }

  /** 8 batches compute for 3.1 s and 1.9 s go by beside; with 45, 17.4 s compute. */
  @Test
  void theFrequencyThatIsAdvisedMakesItATenth() {
    assertThat(new Synchronisation(0.38).advice(8, 1000))
        .contains(
            "synchronising took 38 % of the rounds' time: training.averaging-frequency = 45 would"
                + " make it 10 %");
  }

  @Test
  void noRoundIsLongerThanAnEpoch() {
    assertThat(new Synchronisation(0.38).advice(8, 20))
        .contains(
            "synchronising took 38 % of the rounds' time: training.averaging-frequency = 20 would"
                + " make it 20 %");
    assertThat(new Synchronisation(0.38).advice(8, 8)).isEmpty();
  }

  @Test
  void whatIsLittleIsNotWorthSaying() {
    assertThat(new Synchronisation(0.14).advice(8, 1000)).isEmpty();
    assertThat(Synchronisation.of(List.of()).advice(8, 1000)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "averaging.strategy=mean, true",
    "averaging.strategy=elastic, true",
    "averaging.strategy=gradient, false",
    "averaging.strategy=dl4j-parameter-averaging, false",
    "averaging.every-batch-for=1 epoch, false",
    "averaging.adaptive-frequency.share=0.1, false"
  })
  void adviceIsOfUseWhereTheFrequencyAloneDecidesHowLongARoundIs(
      String setting, boolean isOfUse, @TempDir Path directory) {
    RunConfiguration configuration =
        Experiments.of(directory, setting, "training.averaging-frequency=1");
    assertThat(Synchronisation.dependsOnFrequency(configuration.training().averaging()))
        .isEqualTo(isOfUse);
  }

  private static RoundLine round(double seconds, double computing) {
    return RoundLine.of(
        JsonNodeFactory.instance
            .objectNode()
            .put("seconds", seconds)
            .put("compute-seconds", computing));
  }
}
