package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePredictionTest {
  @ParameterizedTest
  @CsvSource({
    "32, 10, 256",
    "224, 1000, 222",
    "512, 10, 42",
    "2048, 10, 2",
    "4096, 10, 1",
    "32, 218410, 256",
    "32, 2000000000, 1"
  })
  void aTaskReadsFewImagesWhereTheyOrTheirAnswersAreLarge(int side, int row, int expected) {
    assertThat(ImagePrediction.chunk(new ImageShape(side, side, 3), row)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "256, 2, 10, 2048",
    "256, 1000, 10, 1024000",
    "256, 1000, 218410, 256",
    "1, 8, 10, 32"
  })
  void aJobReadsNoMoreThanTheDriverHoldsAnswersOf(int chunk, int slots, int row, int expected) {
    assertThat(ImagePrediction.wave(chunk, slots, row)).isEqualTo(expected);
  }
}
