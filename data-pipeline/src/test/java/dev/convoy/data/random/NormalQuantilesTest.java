package dev.convoy.data.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NormalQuantilesTest {
  /** Of the tables of the normal distribution; 32767 and 32768 lie at both sides of the middle. */
  @Test
  void quantilesAreThoseOfTheStandardNormalDistribution() {
    assertThat(NormalQuantiles.at((short) 32767) + NormalQuantiles.at((short) 32768))
        .isCloseTo(0, within(1e-6f));
    assertThat(quantile(0.841345)).isCloseTo(1, within(1e-3f));
    assertThat(quantile(0.975002)).isCloseTo(1.96f, within(1e-3f));
    assertThat(quantile(0.001350)).isCloseTo(-3, within(3e-3f));
    for (int i = 0; i < 1 << 16; i += 997) {
      assertThat(Distribution.normal(NormalQuantiles.at((short) i)))
          .isCloseTo((i + 0.5) / (1 << 16), within(1e-6));
    }
  }

  @Test
  void quantilesGrow() {
    for (int i = 1; i < 1 << 16; i++) {
      assertThat(NormalQuantiles.at((short) i)).isGreaterThan(NormalQuantiles.at((short) (i - 1)));
    }
  }

  private static float quantile(double probability) {
    return NormalQuantiles.at((short) (int) (probability * (1 << 16)));
  }
}
