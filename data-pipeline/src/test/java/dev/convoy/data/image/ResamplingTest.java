package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplingTest {
  /** One rounding to 8 bits in each of two passes, each by at most a half. */
  private static final double TWO_ROUNDINGS = 1.001;

  @Test
  void theSameShapeIsTheIdentity() {
    byte[] pixels = random(7 * 9 * 3);

    assertThat(new Resampling(7, 9, 3, new ImageShape(7, 9, 3)).apply(pixels).pixels())
        .isEqualTo(pixels);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 9, 3, 4",
    "100, 60, 32, 32",
    "3, 4, 7, 9",
    "32, 32, 28, 28",
    "50, 5, 20, 20",
    "20, 33, 11, 18"
  })
  void constantsStayConstant(int fromHeight, int fromWidth, int height, int width) {
    byte[] pixels = new byte[fromHeight * fromWidth];
    Arrays.fill(pixels, (byte) 201);

    byte[] resized =
        new Resampling(fromHeight, fromWidth, 1, new ImageShape(height, width, 1))
            .apply(pixels)
            .pixels();

    assertThat(resized).containsOnly((byte) 201);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 9, 3, 4",
    "100, 60, 32, 32",
    "3, 4, 7, 9",
    "32, 32, 28, 28",
    "50, 5, 20, 20",
    "20, 33, 11, 18"
  })
  void agreesWithTheTriangleFilterInDoublePrecision(
      int fromHeight, int fromWidth, int height, int width) {
    byte[] pixels = random(fromHeight * fromWidth);

    byte[] resized =
        new Resampling(fromHeight, fromWidth, 1, new ImageShape(height, width, 1))
            .apply(pixels)
            .pixels();

    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double expected = reference(pixels, fromHeight, fromWidth, height, width, y, x);
        assertThat((double) (resized[y * width + x] & 0xff))
            .isBetween(expected - TWO_ROUNDINGS, expected + TWO_ROUNDINGS);
      }
    }
  }

  @Test
  void halvingWeighsNeighboursByDistance() {
    byte[] row = {0, 0, 80, (byte) 160, 0, 0, 0, 0};

    byte[] halved = new Resampling(1, 8, 1, new ImageShape(1, 4, 1)).apply(row).pixels();

    // Inner weights 1/8, 3/8, 3/8, 1/8; at the border 3/7, 3/7, 1/7.
    assertThat(halved).containsExactly(11, 90, 20, 0);
  }

  @Test
  void greyIsRepeatedAndColourIsWeighedByLuma() {
    byte[] grey = {10, 20};
    assertThat(new Resampling(1, 2, 1, new ImageShape(1, 2, 3)).apply(grey).pixels())
        .containsExactly(10, 20, 10, 20, 10, 20);

    byte[] colours = {(byte) 255, 0, 0, 9, 0, (byte) 255, 0, 9, 0, 0, (byte) 255, 9};
    assertThat(new Resampling(1, 4, 3, new ImageShape(1, 4, 1)).apply(colours).pixels())
        .containsExactly(76, 150, 29, 9);
  }

  @Test
  void theArgumentIsNotChanged() {
    byte[] pixels = random(12);
    byte[] before = pixels.clone();

    new Resampling(2, 2, 3, new ImageShape(5, 5, 1)).apply(pixels).pixels();

    assertThat(pixels).isEqualTo(before);
  }

  private static double reference(
      byte[] pixels, int fromHeight, int fromWidth, int height, int width, int y, int x) {
    double sum = 0;
    double weights = 0;
    for (int row = 0; row < fromHeight; row++) {
      double rowWeight = triangle(row, y, fromHeight, height);
      for (int column = 0; column < fromWidth; column++) {
        double weight = rowWeight * triangle(column, x, fromWidth, width);
        sum += weight * (pixels[row * fromWidth + column] & 0xff);
        weights += weight;
      }
    }
    return sum / weights;
  }

  private static double triangle(int source, int target, int from, int to) {
    double scale = (double) from / to;
    double distance = source + 0.5 - (target + 0.5) * scale;
    return Math.max(0, 1 - Math.abs(distance) / Math.max(1, scale));
  }

  private static byte[] random(int size) {
    byte[] pixels = new byte[size];
    KeyedRandom.of(1, Purpose.SYNTHETIC, size).nextBytes(pixels);
    return pixels;
  }
}
