package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundCostsTest {
  @Test
  void timesAreTheWorkersMeans() {
    RoundCosts costs = new RoundCosts();
    costs.worker(new TaskCost("1", 2_000_000, 5_000_000, 30));
    costs.worker(new TaskCost("1", 4_000_000, 6_000_000, 40));
    assertThat(costs.startMillis()).isEqualTo(3);
    assertThat(costs.sendMillis()).isEqualTo(5.5);
    assertThat(costs.executorBytesIn()).isEqualTo(70);
  }

  /** As where Deeplearning4j trains an epoch: JSON has no number for a mean of nothing. */
  @Test
  void aRoundWhoseWorkersTellNothingCostsNothing() {
    RoundCosts costs = new RoundCosts();
    assertThat(costs.startMillis()).isZero();
    assertThat(costs.sendMillis()).isZero();
    assertThat(costs.executorBytesIn()).isZero();
  }
}
