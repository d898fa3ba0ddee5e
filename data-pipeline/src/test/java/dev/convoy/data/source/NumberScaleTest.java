package dev.convoy.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NumberScaleTest {
  private static final double FLOAT = 1e-6; // numbers are kept in single precision
  private final Listing training =
      Listing.ofRecords("x", new int[3])
          .withNumbers(new float[] {1000, 7, -1, 1010, 7, 0, 1020, 7, 4});

  @Test
  void numbersOfTheTrainingImagesHaveMeanZeroAndDeviationOne() {
    NumberScale scale = NumberScale.of(training);
    Listing standardised = scale.standardise(training);
    for (int output = 0; output < 3; output++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < 3; i++) {
        double number = standardised.numbers(i)[output];
        sum += number;
        squares += number * number;
        assertThat(scale.number(output, number))
            .isCloseTo(training.numbers(i)[output], within(1e-3));
      }
      assertThat(sum).isCloseTo(0, within(FLOAT));
      assertThat(squares / 3)
          .as("one that is always 7 is 0")
          .isCloseTo(output == 1 ? 0 : 1, within(FLOAT));
    }
    assertThat(scale.deviations()[0]).isCloseTo(Math.sqrt(200 / 3.0), within(1e-9));
    assertThat(scale.deviations()[1]).isEqualTo(1);
  }

  @Test
  void otherImagesAreScaledByTheTrainingImages() {
    Listing other = Listing.ofRecords("y", new int[1]).withNumbers(new float[] {1010, 8, 1});
    assertThat(NumberScale.of(training).standardise(other).numbers(0))
        .containsExactly(new float[] {0, 1, 0}, within(1e-6f));
  }

  @Test
  void aSelectionKeepsItsNumbersAndTheyCountInTheFingerprint() {
    Listing some = training.select(new int[] {2, 0});
    assertThat(some.numbersEach()).isEqualTo(3);
    assertThat(some.numbers(0)).containsExactly(1020, 7, 4);
    assertThat(some.numbers(1)).containsExactly(1000, 7, -1);
    Listing classes = Listing.ofRecords("x", new int[3]);
    assertThat(classes.numbersEach()).isZero();
    assertThat(training.fingerprint())
        .isNotEqualTo(classes.fingerprint())
        .isNotEqualTo(classes.withNumbers(new float[9]).fingerprint());
    assertThatThrownBy(() -> classes.withNumbers(new float[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot list examples: expected as many numbers for each of 3, found 4.");
  }
}
