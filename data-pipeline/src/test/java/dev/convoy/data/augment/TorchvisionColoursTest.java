package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.Picture;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Colours of images are changed as torchvision changes those of Pillow's images, value for value,
 * and within 1/255 as it changes those of tensors, but for hue: torchvision_colours.txt.gz holds
 * what it made of three pictures, and torchvision_colours.py made the file.
 */
class TorchvisionColoursTest {
  /** A hue of a tensor is not rounded to 8 bits. */
  private static final Difference HUE = new Difference(1.4, 6);

  /** Of tensors torchvision does not round as often as Pillow does. */
  private static final Difference TENSOR = new Difference(1, 1);

  /** Pillow's values are Convoy's. Torchvision blurs images as tensors, which is rounded once. */
  private static final Difference NONE = new Difference(0, 0);

  static List<String> lines() {
    return lines("torchvision_colours.txt.gz");
  }

  /** The lines of a compressed file beside this class. */
  static List<String> lines(String name) {
    try (InputStream file =
        new GZIPInputStream(TorchvisionColoursTest.class.getResourceAsStream(name))) {
      return new String(file.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void everyPictureIsTorchvisions(String line) {
    String[] words = line.split(" ", -1);
    Picture changed = change(PictureChangesTest.picture(words[0]), words[2], words[3]);
    Difference difference = Difference.of(changed, HexFormat.of().parseHex(words[4]));
    Difference accepted = NONE;
    if (words[1].equals("tensor")) {
      accepted = words[2].equals("hue") ? HUE : TENSOR;
    }
    assertThat(difference.mean()).isLessThanOrEqualTo(accepted.mean());
    assertThat(difference.largest()).isLessThanOrEqualTo(accepted.largest());
  }

  private static Picture change(Picture picture, String name, String magnitude) {
    double by = Double.parseDouble(magnitude);
    switch (name) {
      case "hue" -> Hue.turn(picture, by);
      case "gamma" -> Gamma.table(by).apply(picture.pixels());
      case "blur" -> Blur.smooth(picture, Blur.kernel(3, by));
      case "brightness" -> Brightness.enhance(picture, (float) by);
      case "contrast" -> Contrast.enhance(picture, (float) by);
      case "saturation" -> Saturation.enhance(picture, (float) by);
      case "sharpness" -> Sharpness.enhance(picture, (float) by);
      case "posterize" -> Posterize.table((int) by).apply(picture.pixels());
      case "solarize" -> Solarize.table((int) by).apply(picture.pixels());
      default -> {
        ComponentSettings always = new ComponentSettings(name, Map.of("probability", 1.0));
        return ((ImageAugmentation) Augmentations.FAMILY.create(always))
            .apply(picture, picture.shape(), KeyedRandom.of(1, Purpose.AUGMENTATION));
      }
    }
    return picture;
  }

  /** How far values are from those that are expected, in 1/255 of their range. */
  record Difference(double mean, int largest) {
    static Difference of(Picture picture, byte[] expected) {
      assertThat(picture.pixels()).hasSameSizeAs(expected);
      long sum = 0;
      int largest = 0;
      for (int i = 0; i < expected.length; i++) {
        int difference = Math.abs((picture.pixels()[i] & 0xff) - (expected[i] & 0xff));
        sum += difference;
        largest = Math.max(largest, difference);
      }
      return new Difference((double) sum / expected.length, largest);
    }
  }
}
