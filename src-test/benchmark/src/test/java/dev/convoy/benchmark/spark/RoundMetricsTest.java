package dev.convoy.benchmark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RoundMetricsTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void theFirstEpochAndEvaluationsDoNotCount() throws Exception {
    RoundMetrics metrics =
        RoundMetrics.of(
            List.of(
                round(1, 640, 100, 0.5),
                round(2, 640, 1, 0.01),
                "{\"type\":\"validation\",\"epoch\":2,\"examples\":100,\"seconds\":50}",
                round(3, 640, 3, 0.03)));
    assertThat(metrics.imagesPerSecond()).isEqualTo(1280.0 / 4);
    assertThat(metrics.waitingShare()).isCloseTo((1 * 0.01 + 3 * 0.03) / 4, within(ROUNDING));
  }

  @Test
  void aRunOfOneEpochSaysNothing() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> RoundMetrics.of(List.of(round(1, 640, 1, 0))))
        .withMessageContaining("no round behind the first epoch");
  }

  private static String round(int epoch, int examples, double seconds, double waiting) {
    return String.format(
        Locale.ROOT,
        "{\"type\":\"round\",\"epoch\":%d,\"examples\":%d,\"seconds\":%s,\"waiting-share\":%s}",
        epoch,
        examples,
        seconds,
        waiting);
  }
}
