package dev.convoy.benchmark.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.benchmark.search.Methods.Band;
import dev.convoy.benchmark.search.SearchRecord.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MethodsTest {
  private static final double ROUNDING = 1e-12;

  /** Three seeds; random search ends at 0.8, 0.9 and 0.7. */
  static final Methods METHODS =
      new Methods(
          12,
          Map.of(
              Rule.RANDOM,
              List.of(
                  journal(3, 12, new Step(4, 0.6), new Step(8, 0.8)),
                  journal(3, 12, new Step(4, 0.5), new Step(12, 0.9)),
                  journal(3, 10, new Step(4, 0.7))),
              Rule.ASHA,
              List.of(
                  journal(7, 12, new Step(1, 0.3), new Step(3, 0.8), new Step(12, 0.95)),
                  journal(7, 12, new Step(2, 0.5), new Step(4, 0.8)),
                  journal(8, 12, new Step(1, 0.6), new Step(6, 0.75))),
              Rule.HYPERBAND,
              List.of(
                  journal(5, 11, new Step(1, 0.7)),
                  journal(5, 11, new Step(1, 0.7)),
                  journal(5, 11, new Step(4, 0.7)))));

  private static SearchRecord journal(int trials, long epochs, Step... steps) {
    return new SearchRecord(List.of(steps), trials, epochs, 1);
  }

  @Test
  void theShareIsOfTheBudgetUntilRandomSearchsBestOfTheSameSeed() {
    assertThat(METHODS.shares(Rule.ASHA).samples())
        .containsExactly(3.0 / 12, Double.POSITIVE_INFINITY, 6.0 / 12);
    assertThat(METHODS.shares(Rule.ASHA).median()).isEqualTo(0.5);
    assertThat(METHODS.shares(Rule.RANDOM).samples()).containsExactly(8.0 / 12, 1.0, 4.0 / 12);
  }

  @Test
  void moreThanHalfOfTheSeedsNeverIsNever() {
    assertThat(METHODS.shares(Rule.HYPERBAND).samples())
        .containsExactly(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 4.0 / 12);
    assertThat(METHODS.shares(Rule.HYPERBAND).median()).isInfinite();
  }

  @Test
  void exactlyAThirdIsWithinIt() {
    assertThat(METHODS.timesWithinAThird(Rule.RANDOM)).isEqualTo(1);
    assertThat(METHODS.timesWithinAThird(Rule.ASHA)).isEqualTo(1);
    assertThat(METHODS.timesWithinAThird(Rule.HYPERBAND)).isEqualTo(1);
  }

  @Test
  void theTargetIsAThirdInTheMedian() {
    assertThat(METHODS.target().value()).isEqualTo(0.5);
    assertThat(METHODS.target().isMet()).isFalse();
  }

  @Test
  void theBandBeginsWhereAllSeedsHaveSomething() {
    List<Band> bands = METHODS.bands(Rule.ASHA);
    assertThat(bands).hasSize(11).first().extracting(Band::epochs).isEqualTo(2L);
    // After two epochs 0.3, 0.5 and 0.6 are the best; at the end 0.95, 0.8 and 0.75.
    assertBand(bands.get(0), 0.4, 0.5, 0.55);
    assertBand(bands.get(10), 0.775, 0.8, 0.875);
  }

  @Test
  void whatEndsEarlyKeepsItsBest() {
    List<Band> bands = METHODS.bands(Rule.RANDOM);
    assertThat(bands.get(bands.size() - 1).epochs()).isEqualTo(12);
    assertBand(bands.get(bands.size() - 1), 0.75, 0.8, 0.85);
  }

  private static void assertBand(Band band, double lower, double median, double upper) {
    assertThat(band.lower()).isCloseTo(lower, within(ROUNDING));
    assertThat(band.median()).isCloseTo(median, within(ROUNDING));
    assertThat(band.upper()).isCloseTo(upper, within(ROUNDING));
  }
}
