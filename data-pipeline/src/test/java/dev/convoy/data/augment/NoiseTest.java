package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.Distribution;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseTest {
  private static final ImageShape SHAPE = new ImageShape(100, 101, 3);

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05, 0.1})
  void gaussianNoiseIsNormalWithTheDeviationThatIsAskedFor(double deviation) {
    double[] noise = noise("gaussian-noise", Map.of("deviation", deviation), 128);

    // What is added is rounded: up to k means up to k + 1/2.
    Distribution.assertDistributed(
        "noise",
        noise,
        added -> Distribution.normal((Math.floor(added) + 0.5) / (255 * deviation)));
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 100, 150})
  void speckleIsNormalInProportionToTheValue(int value) {
    double[] noise = noise("speckle", Map.of("deviation", 0.2), value);

    Distribution.assertDistributed(
        "noise", noise, added -> Distribution.normal((Math.floor(added) + 0.5) / (0.2 * value)));
  }

  @Test
  void noiseIsCutOffAtBlackAndWhite() {
    double[] dark = noise("gaussian-noise", Map.of("deviation", 0.5), 0);
    double[] light = noise("gaussian-noise", Map.of("deviation", 0.5), 255);

    // Half of it would be beyond the end; 6 deviations of that share are 0.018.
    assertThat(Arrays.stream(dark).filter(added -> added == 0).count() / (double) dark.length)
        .isCloseTo(0.5, within(0.02));
    assertThat(Arrays.stream(light).filter(added -> added == 0).count() / (double) light.length)
        .isCloseTo(0.5, within(0.02));
    assertThat(Arrays.stream(noise("speckle", Map.of("deviation", 1), 0))).containsOnly(0.0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 1})
  void saltAndPepperMakesAShareOfThePixelsWhiteOrBlackInAllChannels(double share) {
    byte[] pixels = changed("salt-and-pepper", Map.of("share", share), 128);
    int plane = SHAPE.planeSize();
    int white = 0;
    int black = 0;
    for (int i = 0; i < plane; i++) {
      assertThat(pixels[i]).isIn((byte) 0, (byte) 128, (byte) 255);
      assertThat(pixels[plane + i]).isEqualTo(pixels[i]);
      assertThat(pixels[2 * plane + i]).isEqualTo(pixels[i]);
      white += pixels[i] == (byte) 255 ? 1 : 0;
      black += pixels[i] == 0 ? 1 : 0;
    }

    double expected = plane * share / 2;
    double sixDeviations = 6 * Math.sqrt(expected * (1 - share / 2));
    assertThat((double) white).isCloseTo(expected, within(sixDeviations));
    assertThat((double) black).isCloseTo(expected, within(sixDeviations));
  }

  @Test
  void neighboursAndChannelsAreNotCorrelated() {
    double[] noise = noise("gaussian-noise", Map.of("deviation", 0.1), 128);
    for (int lag : List.of(1, 2, 3, 4, SHAPE.width(), SHAPE.planeSize())) {
      double correlation =
          IntStream.range(lag, noise.length)
                  .mapToDouble(i -> noise[i] * noise[i - lag])
                  .average()
                  .orElseThrow()
              / Math.pow(25.5, 2);
      assertThat(correlation).as("at distance %d", lag).isCloseTo(0, within(6 / Math.sqrt(20_000)));
    }
  }

  private static double[] noise(String name, Map<String, Object> options, int value) {
    byte[] pixels = changed(name, options, value);
    return IntStream.range(0, pixels.length).mapToDouble(i -> (pixels[i] & 0xff) - value).toArray();
  }

  private static byte[] changed(String name, Map<String, Object> options, int value) {
    byte[] pixels = new byte[SHAPE.size()];
    Arrays.fill(pixels, (byte) value);
    return Augmentations.of(List.of(new ComponentSettings(name, options)))
        .apply(new Picture(SHAPE, pixels), SHAPE, KeyedRandom.of(1, Purpose.AUGMENTATION, 0, value))
        .pixels();
  }
}
