package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

class TiledConvolutionTest {

  /** Kernel, channels, filters, height, width, padding, images, and whether there is a bias. */
  @ParameterizedTest
  @CsvSource({
    "3, 32, 48, 16, 16, 1, 4, false",
    "3, 48, 32, 14, 14, 1, 5, true",
    "3, 32, 32, 13, 10, 1, 6, true",
    "3, 32, 32, 18, 15, 0, 4, false",
    "3, 32, 32, 12, 11, 2, 5, true",
    "3, 128, 64, 8, 8, 1, 20, true",
    "5, 48, 64, 16, 16, 2, 4, false",
    "5, 64, 48, 14, 14, 0, 9, true",
    "5, 50, 51, 13, 10, 1, 6, true",
    "5, 48, 48, 7, 9, 3, 12, false",
    "5, 48, 50, 6, 5, 4, 24, true"
  })
  void agreesWithTheFormula(ArgumentsAccessor arguments) throws Exception {
    assumeThat(OneDnn.hasAvx2()).isTrue();
    ConvolutionCase convolution = ConvolutionCase.of(arguments);
    assertThat(convolution.is(TiledConvolution::pays)).isTrue();
    convolution.agreesWithTheFormula(tolerance(convolution));
  }

  /** Batches that are more than one part, and the rest of one. */
  @ParameterizedTest
  @CsvSource({
    "3, 32, 48, 16, 16, 1, 20, true",
    "3, 64, 32, 8, 12, 1, 35, false",
    "5, 48, 48, 16, 16, 2, 20, true",
    "5, 48, 64, 16, 12, 0, 21, true",
    "5, 64, 48, 8, 8, 4, 30, false"
  })
  void agreesWithTheFormulaInTiles(ArgumentsAccessor arguments) throws Exception {
    assumeThat(OneDnn.hasAvx2()).isTrue();
    ConvolutionCase convolution = ConvolutionCase.of(arguments);
    assertThat(convolution.is(TiledConvolution::pays))
        .isEqualTo(convolution.edge() == 5 || OneDnn.hasAvx2Alone());
    convolution.agreesInTiles(tolerance(convolution));
  }

  /** With AVX-512 oneDNN's loops are left to compute these. */
  @ParameterizedTest
  @CsvSource({
    "3, 36, 33, 14, 10, 1, 6, true",
    "5, 20, 50, 14, 14, 0, 8, true",
    "5, 17, 16, 9, 11, 2, 9, false"
  })
  void takesChannelsThatAreNoBlocksWithAvx2(ArgumentsAccessor arguments) throws Exception {
    ConvolutionCase convolution = ConvolutionCase.of(arguments);
    assertThat(convolution.is(TiledConvolution::pays)).isEqualTo(OneDnn.hasAvx2Alone());
    convolution.agreesWithTheFormula(tolerance(convolution));
  }

  /** In parts of the largest value; those of kernels' gradients are the largest errors. */
  private static double tolerance(ConvolutionCase convolution) {
    return convolution.edge() == 3 ? 5e-6 : 1.5e-5;
  }
}
