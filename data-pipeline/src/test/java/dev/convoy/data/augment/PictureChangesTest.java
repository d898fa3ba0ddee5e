package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What augmentations make of colours, orientation and parts. Colours are changed as Pillow changes
 * them, value for value: pillow_colours.txt holds what Pillow made of three pictures, and
 * pillow_colours.py made the file.
 */
class PictureChangesTest {
  private static final ImageShape SHAPE = new ImageShape(19, 23, 3);

  static List<String> lines() {
    try (InputStream file = PictureChangesTest.class.getResourceAsStream("pillow_colours.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void everyValueIsPillows(String line) {
    String[] words = line.split(" ", -1);
    Picture picture = picture(words[0]);
    Picture changed =
        words[1].equals("original")
            ? picture
            : change(picture, words[1], Float.parseFloat(words[2]));
    CRC32 checksum = new CRC32();
    checksum.update(changed.pixels());
    assertThat(String.format(Locale.ROOT, "%08x", checksum.getValue())).isEqualTo(words[3]);
  }

  private static Picture change(Picture picture, String name, float by) {
    Map<String, Object> options = new HashMap<>(Map.of("probability", 1.0));
    switch (name) {
      case "posterize" -> options.put("bits", (int) by);
      case "solarize" -> options.put("threshold", (int) by);
      default -> {}
    }
    ComponentSettings settings = new ComponentSettings(name, options);
    if (Augmentations.FAMILY.create(settings) instanceof Enhancement enhancement) {
      enhancement.enhance(picture, by);
      return picture;
    }
    return Augmentations.of(List.of(settings)).apply(picture, SHAPE, random(0));
  }

  /** The mean of a picture of one value is that value times the factor, rounded down. */
  @Test
  void factorsAreDrawnUniformlyAroundOne() {
    Augmentations brightness =
        Augmentations.of(List.of(new ComponentSettings("brightness", Map.of("strength", 0.5))));
    ImageShape one = new ImageShape(1, 1, 1);
    int draws = 20_000;
    int[] values = new int[draws];
    for (int example = 0; example < draws; example++) {
      Picture picture = new Picture(one, new byte[] {100});
      values[example] = brightness.apply(picture, one, random(example)).pixels()[0] & 0xff;
    }
    for (int value = 50; value <= 150; value += 10) {
      int bound = value;
      double below = (double) Arrays.stream(values).filter(drawn -> drawn < bound).count() / draws;
      // Kolmogorov and Smirnov: exceeded once in a hundred thousand sets of draws.
      assertThat(Math.abs(below - (value - 50) / 100.0)).isLessThan(2.5 / Math.sqrt(draws));
    }
  }

  @Test
  void flippingUpsideDownTwiceIsTheIdentity() {
    Picture picture = picture("noise");
    Picture flipped = change(picture("noise"), "vertical-flip", 0);
    assertThat(flipped.pixels()).isNotEqualTo(picture.pixels());
    assertThat(change(flipped, "vertical-flip", 0).pixels()).isEqualTo(picture.pixels());
  }

  @Test
  void aGreyPictureHasNoColourToLose() {
    ImageShape grey = new ImageShape(19, 23, 1);
    byte[] pixels = new byte[grey.size()];
    System.arraycopy(picture("noise").pixels(), 0, pixels, 0, pixels.length);
    for (String name : List.of("grayscale", "saturation")) {
      Augmentations one =
          Augmentations.of(List.of(new ComponentSettings(name, Map.of("probability", 1))));
      assertThat(one.apply(new Picture(grey, pixels.clone()), grey, random(3)).pixels())
          .isEqualTo(pixels);
    }
  }

  @Test
  void cutoutBlacksOutOneSquareThatMayReachOverTheBorder() {
    Augmentations cutout =
        Augmentations.of(List.of(new ComponentSettings("cutout", Map.of("size", 4))));
    ImageShape shape = new ImageShape(9, 7, 3);
    boolean whole = false;
    boolean cut = false;
    for (int example = 0; example < 300; example++) {
      byte[] pixels = new byte[shape.size()];
      Arrays.fill(pixels, (byte) 200);
      byte[] changed = cutout.apply(new Picture(shape, pixels), shape, random(example)).pixels();
      int top = shape.height();
      int bottom = -1;
      int left = shape.width();
      int right = -1;
      int black = 0;
      for (int i = 0; i < shape.planeSize(); i++) {
        assertThat(changed[i]).isEqualTo(changed[shape.planeSize() + i]);
        if (changed[i] == 0) {
          black++;
          top = Math.min(top, i / shape.width());
          bottom = Math.max(bottom, i / shape.width());
          left = Math.min(left, i % shape.width());
          right = Math.max(right, i % shape.width());
        }
      }
      assertThat(black).isBetween(4, 16).isEqualTo((bottom - top + 1) * (right - left + 1));
      whole |= black == 16;
      cut |= black == 4;
    }
    assertThat(whole).isTrue();
    assertThat(cut).isTrue();
  }

  /** Of one channel all values are 0 before, so that what is drawn shows, but for one in 256. */
  @Test
  void erasedPartsHaveTheAreasThatAreAskedFor() {
    Augmentations erasing =
        Augmentations.of(
            List.of(
                new ComponentSettings(
                    "random-erasing", Map.of("probability", 1, "min-area", 0.1, "max-area", 0.2))));
    ImageShape shape = new ImageShape(60, 40, 1);
    double sum = 0;
    int examples = 200;
    for (int example = 0; example < examples; example++) {
      byte[] pixels = new byte[shape.size()];
      byte[] changed = erasing.apply(new Picture(shape, pixels), shape, random(example)).pixels();
      int erased = 0;
      for (byte value : changed) {
        erased += value == 0 ? 0 : 1;
      }
      double share = (double) erased / shape.size() * 256 / 255;
      assertThat(share).isBetween(0.09, 0.21);
      sum += share;
    }
    // The deviation of a mean of so many uniform shares is 0.002.
    assertThat(sum / examples).isBetween(0.138, 0.162);
  }

  private static KeyedRandom random(int example) {
    return KeyedRandom.of(1, Purpose.AUGMENTATION, 0, example);
  }

  /** As in pillow_colours.py. */
  static Picture picture(String kind) {
    byte[] pixels = new byte[SHAPE.size()];
    for (int i = 0; i < pixels.length; i++) {
      long channel = i / SHAPE.planeSize();
      long y = i % SHAPE.planeSize() / SHAPE.width();
      long x = i % SHAPE.width();
      pixels[i] =
          (byte)
              switch (kind) {
                case "gradient" -> Math.min(255, 9 * x + 4 * y + 30 * channel);
                case "noise" ->
                    ((x * 2654435761L + y * 40503 * 97 + channel * 7919 * 31) >> 7) % 256;
                default -> 90 + (x * y + 5 * channel) % 50;
              };
    }
    return new Picture(SHAPE, pixels);
  }
}
