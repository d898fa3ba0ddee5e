package dev.convoy.data.augment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The smoothing behind elastic and blur is SciPy's; see {@code scipy_smoothing.py}. */
class ScipySmoothingTest {
  /** Sums of up to 81 floats below 1, taken twice. */
  private static final double ROUNDING = 2e-6;

  /** Standard deviations that SciPy's kernel reaches, and elastic's. */
  private static final int REACH = 4;

  static Stream<String> lines() throws Exception {
    try (InputStream file =
        Objects.requireNonNull(
            ScipySmoothingTest.class.getResourceAsStream("scipy_smoothing.txt"))) {
      return new String(file.readAllBytes(), UTF_8).lines().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void smoothingIsThatOfScipy(String line) {
    String[] words = line.split(" ", -1);
    int height = Integer.parseInt(words[0]);
    int width = Integer.parseInt(words[1]);
    double sigma = Double.parseDouble(words[2]);
    float[][] values = new float[height][width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        values[y][x] = ((x * 2654435761L + y * 40503L * 97) >> 7) % 256 / 128f - 1;
      }
    }

    float[][] smooth = Blur.smooth(values, Blur.kernel((int) Math.ceil(REACH * sigma), sigma), 0);

    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        assertThat((double) smooth[y][x])
            .isCloseTo(Double.parseDouble(words[3 + y * width + x]), within(ROUNDING));
      }
    }
  }
}
