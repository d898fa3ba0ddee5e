package dev.convoy.driver.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.state.EarlyStopping.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReduceOnPlateauTest {
  @Test
  void theShareFallsAfterPatienceEvaluationsWithoutAnImprovement() {
    assertThat(
            shares(new ReduceOnPlateau(Metric.VALIDATION_LOSS, 2, 0, 0.5, 0, 0), 3, 2, 2, 2, 2, 2))
        .containsExactly(1, 1, 1, 0.5, 0.5, 0.25);
  }

  @Test
  void evaluationsWithinTheCooldownDoNotCount() {
    assertThat(shares(new ReduceOnPlateau(Metric.VALIDATION_LOSS, 1, 0, 0.5, 2, 0), 2, 2, 2, 2, 2))
        .containsExactly(1, 0.5, 0.5, 0.5, 0.25);
  }

  @Test
  void aShareIsAlwaysLeft() {
    assertThat(shares(new ReduceOnPlateau(Metric.VALIDATION_LOSS, 1, 0, 0.1, 0, 0.05), 2, 2, 2, 2))
        .containsExactly(1, 0.1, 0.05, 0.05);
  }

  @Test
  void aHigherAccuracyImprovesAndNoNumberNeverDoes() {
    assertThat(
            shares(
                new ReduceOnPlateau(Metric.VALIDATION_ACCURACY, 1, 0, 0.5, 0, 0),
                0.1,
                0.2,
                Double.NaN,
                0.3))
        .containsExactly(1, 1, 0.5, 0.5);
  }

  /** torch.optim.lr_scheduler.ReduceLROnPlateau, whose patience is one less. */
  @Test
  void theSharesAreThoseOfPyTorch() throws IOException {
    List<double[]> lines;
    try (InputStream in = getClass().getResourceAsStream("pytorch_plateau.txt")) {
      lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(
                  line -> Arrays.stream(line.split(" ", -1)).mapToDouble(Double::valueOf).toArray())
              .toList();
    }
    ReduceOnPlateau rule = new ReduceOnPlateau(Metric.VALIDATION_LOSS, 3, 0.01, 0.5, 2, 0.01);
    double[] shares = shares(rule, lines.get(0));
    assertThat(shares).containsExactly(lines.get(1), within(1e-12));
    assertThat(shares[shares.length - 1]).isEqualTo(0.01);
  }

  private static double[] shares(ReduceOnPlateau rule, double... values) {
    double[] shares = new double[values.length];
    ReduceOnPlateau.Progress progress = ReduceOnPlateau.Progress.none();
    for (int i = 0; i < values.length; i++) {
      progress = rule.observe(progress, values[i]);
      shares[i] = progress.share();
    }
    return shares;
  }
}
