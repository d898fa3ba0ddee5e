package dev.convoy.driver.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.driver.state.EarlyStopping.Metric;
import dev.convoy.driver.termination.CurvePoint;
import dev.convoy.driver.trial.TrialResult.Score;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrialEventTest {
  private static final TreeMap<String, Object> VALUES =
      new TreeMap<>(
          Map.of(
              "optimizer",
              "adam",
              "optimizer.learning-rate",
              1e-5 / 3,
              "training.batch-size",
              64L,
              "model.flag",
              true));

  private static TrialEvent again(TrialEvent event, Metric metric) throws IOException {
    JsonNode line = new ObjectMapper().readTree(event.toJson("trial", metric).toString());
    return TrialEvent.of(line, "trial", metric);
  }

  @Test
  void aResultReadsAsItWasWritten() throws IOException {
    TrialEvent event =
        new TrialEvent(
            7,
            2,
            new TrialResult(
                TrialState.COMPLETED,
                9,
                45,
                new Score(OptionalDouble.of(0.1 + 0.2), OptionalDouble.of(1e-3), 8),
                List.of(new CurvePoint(1, 0.25), new CurvePoint(2, Double.NaN)),
                "said why"),
            VALUES,
            new TrialEvent.Clock(1.5, 100.25, 1234));
    assertThat(again(event, Metric.VALIDATION_LOSS)).isEqualTo(event);
  }

  @Test
  void aBeginningReadsAsItWasWritten() throws IOException {
    TrialEvent event =
        new TrialEvent(
            0,
            0,
            TrialResult.without(TrialState.RUNNING, ""),
            VALUES,
            new TrialEvent.Clock(0, 3.5, 20));
    assertThat(again(event, Metric.VALIDATION_ACCURACY)).isEqualTo(event);
    assertThat(event.toJson("trial", Metric.VALIDATION_ACCURACY).has("epochs")).isFalse();
  }

  @Test
  void everyStateHasANameOfItsOwn() {
    for (TrialState state : TrialState.values()) {
      assertThat(TrialState.of(state.key())).isEqualTo(state);
    }
  }

  @Test
  void theMeanOfFoldsComesWithItsStandardError() {
    Spread spread = Spread.of(new double[] {0.8, 0.9, 1.0});
    assertThat(spread.mean()).isEqualTo((0.8 + 0.9 + 1.0) / 3);
    // Sample deviation 0.1, over the root of three.
    assertThat(spread.standardError()).isCloseTo(0.1 / Math.sqrt(3), within());
    assertThat(Spread.of(new double[] {0.1 + 0.2})).isEqualTo(new Spread(0.1 + 0.2, 0));
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-15);
  }
}
