package dev.convoy.data.augment;

import static dev.convoy.data.augment.AugmentationCases.augmentation;
import static dev.convoy.data.augment.AugmentationCases.picture;
import static dev.convoy.data.augment.AugmentationCases.random;
import static dev.convoy.data.augment.AugmentationCases.sample;
import static dev.convoy.data.augment.AugmentationCases.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.Distribution;
import dev.convoy.data.random.KeyedRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every augmentation of single images. */
class ImageAugmentationPropertiesTest {
  private static final int EXAMPLES = 30;

  private static final List<ImageShape> SHAPES =
      List.of(
          new ImageShape(1, 1, 3),
          new ImageShape(2, 31, 3),
          new ImageShape(17, 3, 1),
          new ImageShape(32, 32, 3));

  static List<String> names() {
    return Augmentations.FAMILY.names().stream()
        .filter(name -> !(augmentation(name, Map.of()) instanceof BatchAugmentation))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aPictureOfTheInputsShapeKeepsItAndTheSameKeyGivesTheSameBytes(String name) {
    Augmentations augmentation = Augmentations.of(List.of(settings(name, Map.of())));
    for (ImageShape shape : SHAPES) {
      for (int example = 0; example < EXAMPLES; example++) {
        Picture once = augmentation.apply(picture(shape, 1), shape, random(example));
        Picture again = augmentation.apply(picture(shape, 1), shape, random(example));

        assertThat(once.shape()).isEqualTo(shape);
        assertThat(again.pixels()).isEqualTo(once.pixels());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void howManyNumbersAreDrawnDoesNotDependOnPixels(String name) {
    Augmentations augmentation = Augmentations.of(List.of(settings(name, Map.of())));
    for (ImageShape shape : SHAPES) {
      for (int example = 0; example < EXAMPLES; example++) {
        KeyedRandom ofNoise = random(example);
        KeyedRandom ofBlack = random(example);
        augmentation.apply(picture(shape, 1), shape, ofNoise);
        augmentation.apply(new Picture(shape, new byte[shape.size()]), shape, ofBlack);

        assertThat(ofBlack.nextLong()).isEqualTo(ofNoise.nextLong());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void fourThreadsGiveTheBytesOfOne(String name) {
    Augmentations augmentation = Augmentations.of(List.of(settings(name, Map.of())));
    ImageShape shape = new ImageShape(32, 32, 3);
    List<byte[]> alone =
        IntStream.range(0, EXAMPLES)
            .mapToObj(i -> augmentation.apply(picture(shape, i), shape, random(i)).pixels())
            .toList();

    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<byte[]>> together =
          IntStream.range(0, EXAMPLES)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> augmentation.apply(picture(shape, i), shape, random(i)).pixels()))
              .toList();
      for (int i = 0; i < EXAMPLES; i++) {
        assertThat(together.get(i)).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(alone.get(i));
      }
    } finally {
      threads.shutdown();
    }
  }

  static Stream<ComponentSettings> withoutStrength() {
    return Stream.of(
        settings("blur", Map.of("probability", 1, "min-sigma", 0, "max-sigma", 0)),
        settings("brightness", Map.of("strength", 0)),
        settings("color-jitter", Map.of("brightness", 0, "contrast", 0, "saturation", 0, "hue", 0)),
        settings("contrast", Map.of("strength", 0)),
        settings("gamma", Map.of("max-gamma", 1)),
        settings("gaussian-noise", Map.of("deviation", 0)),
        settings("hue", Map.of("strength", 0)),
        settings("lighting", Map.of("deviation", 0)),
        settings("posterize", Map.of("probability", 1, "bits", 8)),
        settings("rand-augment", Map.of("operations", 0)),
        settings("salt-and-pepper", Map.of("share", 0)),
        settings("saturation", Map.of("strength", 0)),
        settings("sharpness", Map.of("strength", 0)),
        settings("solarize", Map.of("probability", 1, "threshold", 256)),
        settings("speckle", Map.of("deviation", 0)));
  }

  @ParameterizedTest
  @MethodSource("withoutStrength")
  void aStrengthOfZeroIsTheIdentity(ComponentSettings settings) {
    Augmentations augmentations = Augmentations.of(List.of(settings));
    for (ImageShape shape : SHAPES) {
      for (int example = 0; example < EXAMPLES; example++) {
        assertThat(augmentations.apply(picture(shape, 2), shape, random(example)).pixels())
            .isEqualTo(picture(shape, 2).pixels());
      }
    }
  }

  @Test
  void parametersAreDrawnAsTheyAreSet() {
    Gamma gamma = (Gamma) augmentation("gamma", Map.of("max-gamma", 2));
    Distribution.assertDistributed(
        "logarithm of gamma",
        sample(random -> Math.log(gamma.draw(random))),
        Distribution.uniform(-Math.log(2), Math.log(2)));
    Blur blur = (Blur) augmentation("blur", Map.of("min-sigma", 0.5, "max-sigma", 3));
    Distribution.assertDistributed("sigma", sample(blur::draw), Distribution.uniform(0.5, 3));
    Distribution.assertDistributed(
        "hue", sample(random -> Hue.draw(0.3, random)), Distribution.uniform(-0.3, 0.3));
    Distribution.assertDistributed(
        "factor",
        sample(random -> Enhancement.factor(0.4, random)),
        Distribution.uniform(0.6, 1.4));
    Distribution.assertDistributed(
        "factor that is cut off at 0",
        sample(random -> Enhancement.factor(1.5, random)),
        Distribution.uniform(0, 2.5));
    Lighting lighting = (Lighting) augmentation("lighting", Map.of("deviation", 0.2));
    for (int component = 0; component < 3; component++) {
      int which = component;
      Distribution.assertDistributed(
          "lighting",
          sample(random -> lighting.draw(random)[which]),
          value -> Distribution.normal(value / 0.2));
    }
  }

  /** The four changes of a picture do not commute: which of the 24 orders it was shows. */
  @Test
  void colourJitterUsesEveryOrderOfItsChangesEquallyOften() {
    ColorJitter jitter = (ColorJitter) augmentation("color-jitter", Map.of());
    ImageShape shape = new ImageShape(8, 8, 3);
    int[] counts = new int[256];
    int draws = 2400;
    for (int example = 0; example < draws; example++) {
      Picture changed = jitter.change(picture(shape, 3), random(example));
      KeyedRandom random = random(example);
      float brighter = Enhancement.factor(0.4, random);
      float richer = Enhancement.factor(0.4, random);
      float moreColourful = Enhancement.factor(0.4, random);
      double turns = Hue.draw(0.1, random);
      int[] order = {0, 1, 2, 3};
      random.shuffle(order);
      Picture expected = picture(shape, 3);
      for (int step : order) {
        List.<Runnable>of(
                () -> Brightness.enhance(expected, brighter),
                () -> Contrast.enhance(expected, richer),
                () -> Saturation.enhance(expected, moreColourful),
                () -> Hue.turn(expected, turns))
            .get(step)
            .run();
      }
      assertThat(changed.pixels()).isEqualTo(expected.pixels());
      counts[64 * order[0] + 16 * order[1] + 4 * order[2] + order[3]]++;
    }
    int[] met = IntStream.of(counts).filter(count -> count > 0).toArray();
    assertThat(met).hasSize(24);
    // Six standard deviations: 6 * sqrt(2400 * 1/24 * 23/24).
    assertThat(IntStream.of(met)).allMatch(count -> Math.abs(count - 100) < 59);
  }

  /** The eigenvectors have a length of 1 and stand at right angles. */
  @Test
  void lightingAddsThePrincipalComponentsToEveryPixel() {
    ImageShape shape = new ImageShape(3, 2, 3);
    double[][] added = new double[3][3];
    for (int component = 0; component < 3; component++) {
      byte[] pixels = new byte[shape.size()];
      Arrays.fill(pixels, (byte) 128);
      double[] multiples = new double[3];
      multiples[component] = new double[] {2, 20, 90}[component];
      Lighting.light(new Picture(shape, pixels), multiples);
      for (int i = 0; i < pixels.length; i++) {
        assertThat(pixels[i]).isEqualTo(pixels[i / 6 * 6]);
      }
      double eigenvalue = new double[] {0.2175, 0.0188, 0.0045}[component];
      for (int channel = 0; channel < 3; channel++) {
        added[component][channel] =
            ((pixels[6 * channel] & 0xff) - 128) / 255.0 / multiples[component] / eigenvalue;
      }
    }
    for (int one = 0; one < 3; one++) {
      for (int other = 0; other < 3; other++) {
        double product = 0;
        for (int channel = 0; channel < 3; channel++) {
          product += added[one][channel] * added[other][channel];
        }
        assertThat(product).isCloseTo(one == other ? 1 : 0, within(0.02));
      }
    }
  }
}
