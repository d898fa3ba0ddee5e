package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

class BatchAsChannelsTest {
  /** In parts of the largest value. */
  private static final double TOLERANCE = 5e-6;

  /** Kernel, channels, filters, height, width, padding, images, and whether there is a bias. */
  @ParameterizedTest
  @CsvSource({
    "5, 1, 20, 28, 28, 2, 16, true",
    "3, 1, 8, 12, 9, 1, 9, false",
    "3, 2, 33, 10, 15, 0, 12, true",
    "1, 2, 5, 8, 8, 0, 8, true",
    "7, 1, 16, 20, 24, 3, 31, true",
    "2, 1, 7, 9, 9, 1, 8, false"
  })
  void agreesWithTheFormula(ArgumentsAccessor arguments) throws Exception {
    ConvolutionCase convolution = ConvolutionCase.of(arguments);
    assertThat(convolution.is(BatchAsChannels::pays)).isEqualTo(OneDnn.hasAvx2Alone());
    convolution.agreesWithTheFormula(TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3, 16, 28, 28, 1, 16, true",
    "3, 1, 8, 8, 65, 1, 8, true",
    "3, 1, 16, 28, 28, 1, 7, true"
  })
  void isNotTakenWhereItGainsNothing(ArgumentsAccessor arguments) throws Exception {
    assertThat(ConvolutionCase.of(arguments).is(BatchAsChannels::pays)).isFalse();
  }
}
