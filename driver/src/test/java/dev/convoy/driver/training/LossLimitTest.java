package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossLimitTest {
  @Test
  void aRunThatComesFurtherGoesOnAfterAnyNumberOfLosses() {
    LossLimit limit = new LossLimit();
    for (int checkpoint = 0; checkpoint < 50; checkpoint++) {
      assertThat(limit.isReachedBy(checkpoint)).as("checkpoint %d", checkpoint).isFalse();
    }
  }

  @Test
  void aRunThatStaysAtOneCheckpointEndsWithTheNinthLoss() {
    LossLimit limit = new LossLimit();
    for (int checkpoint : new int[] {0, 7}) {
      for (int loss = 0; loss < LossLimit.MOST; loss++) {
        assertThat(limit.isReachedBy(checkpoint)).as("loss %d", loss).isFalse();
      }
    }
    assertThat(limit.isReachedBy(7)).isTrue();
  }

  /** As where the latest could not be read. */
  @Test
  void anEarlierCheckpointIsNoProgress() {
    LossLimit limit = new LossLimit();
    for (int loss = 0; loss < LossLimit.MOST; loss++) {
      assertThat(limit.isReachedBy(loss % 2 == 0 ? 7 : 6)).isFalse();
    }
    assertThat(limit.isReachedBy(7)).isTrue();
  }
}
