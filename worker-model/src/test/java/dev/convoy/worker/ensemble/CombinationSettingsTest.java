package dev.convoy.worker.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CombinationSettingsTest {
  private static final double ROUNDING = 1e-12;
  private static final float[] ONE = {0.5f, 0.25f, 0.25f};
  private static final String EXPECTED = "Cannot combine members: expected ";

  @Test
  void aTemperatureOfOneChangesNoBit() {
    float[] unnormalised = {0.3f, 0.3f, 0.3f};
    assertThat(tempered(unnormalised, 1))
        .containsExactly((double) 0.3f, (double) 0.3f, (double) 0.3f);
  }

  @Test
  void aTemperatureDividesTheLogits() {
    // Of 2 the square roots, of a half the squares, normalised.
    double root = Math.sqrt(0.5);
    double rest = (1 - root / (root + 1)) / 2;
    assertThat(tempered(ONE, 2))
        .containsExactly(new double[] {root / (root + 1), rest, rest}, within(ROUNDING));
    assertThat(tempered(ONE, 0.5))
        .containsExactly(new double[] {4.0 / 6, 1.0 / 6, 1.0 / 6}, within(ROUNDING));
  }

  @Test
  void aTemperatureDoesNotChangeTheChoice() {
    for (double temperature : new double[] {0.05, 0.3, 3, 20}) {
      double[] combined = tempered(new float[] {0.3f, 0.45f, 0.25f}, temperature);
      assertThat(combined[1]).isGreaterThan(combined[0]);
      assertThat(combined[0]).isGreaterThan(combined[2]);
    }
  }

  @Test
  void nothingCountsAsLittleWhereItIsSoftened() {
    // (1e-10)^(1/10) = 0.1
    assertThat(tempered(new float[] {1, 0}, 10))
        .containsExactly(new double[] {1 / 1.1, 0.1 / 1.1}, within(ROUNDING));
  }

  @Test
  void numbersAreChecked() {
    assertThatThrownBy(() -> CombinationSettings.of(0, 2, new SoftVote()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(EXPECTED + "1 to 1,000 members, found 0.");
    assertThatThrownBy(() -> CombinationSettings.of(1001, 2, new SoftVote()))
        .hasMessage(EXPECTED + "1 to 1,000 members, found 1001.");
    assertThatThrownBy(() -> CombinationSettings.of(1, 0, new SoftVote()))
        .hasMessage(EXPECTED + "1 to 1,000,000 classes, found 0.");
    assertThatThrownBy(() -> CombinationSettings.of(1, 1_000_001, new SoftVote()))
        .hasMessage(EXPECTED + "1 to 1,000,000 classes, found 1000001.");
    for (double temperature : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new CombinationSettings(1, 2, new SoftVote(), temperature))
          .hasMessage(EXPECTED + "a finite temperature above 0, found " + temperature + ".");
    }
  }

  @Test
  void votesAreNotSoftened() {
    assertThatThrownBy(() -> new CombinationSettings(1, 2, new HardVote(), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(EXPECTED + "a temperature of 1 for a hard vote, found 2.0.");
    assertThat(CombinationSettings.of(1, 2, new HardVote()).combination())
        .isEqualTo(new HardVote());
  }

  @Test
  void theRuleMustFit() {
    assertThatThrownBy(() -> CombinationSettings.of(3, 2, new WeightedVote(List.of(1.0, 2.0))))
        .hasMessageContaining("expected 3 weights, one for each member, found 2.");
    assertThatThrownBy(
            () -> CombinationSettings.of(1, 2, new StackedVote(new double[8], new double[2])))
        .hasMessageContaining("expected 1 × 2² coefficients, found 8.");
  }

  private static double[] tempered(float[] probabilities, double temperature) {
    double[] combined = new double[probabilities.length];
    new CombinationSettings(1, probabilities.length, new SoftVote(), temperature)
        .combination()
        .combine(probabilities, new boolean[] {true}, combined);
    return combined;
  }
}
