package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.image.Border;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.Interpolation;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.image.Warp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Geometric changes are those of torchvision on Pillow's images. torchvision_geometry.txt.gz holds
 * what they make of three pictures, each change at three strengths, and torchvision_geometry.py
 * made the file.
 */
class TorchvisionGeometryTest {
  /** The largest mean difference of values from 0 to 255. */
  private static final double MEAN = 1;

  private static final List<Golden> GOLDENS = read();

  private static final Map<String, Picture> PICTURES =
      GOLDENS.stream()
          .filter(golden -> golden.operation.equals("original"))
          .collect(Collectors.toMap(Golden::kind, Golden::result));

  /** What torchvision made of a picture. */
  record Golden(
      String kind, String operation, String interpolation, double[] arguments, Picture result) {
    static Golden of(String line) {
      String[] words = line.split(" ", -1);
      byte[] pixels = HexFormat.of().parseHex(words[6]);
      int height = Integer.parseInt(words[4]);
      int width = Integer.parseInt(words[5]);
      return new Golden(
          words[0],
          words[1],
          words[2],
          Arrays.stream(words[3].split(",", -1)).mapToDouble(Double::parseDouble).toArray(),
          new Picture(new ImageShape(height, width, pixels.length / height / width), pixels));
    }

    Warp warp() {
      ImageShape shape = PICTURES.get(kind).shape();
      double[] a = arguments;
      return switch (operation) {
        case "rotate" -> Rotate.by(shape, a[0]);
        case "shear" -> Affine.by(shape, 0, 0, 0, 1, a[0], a[1]);
        case "shear-by" -> Shear.by(shape, a[0], a[1]);
        case "translate" -> Translate.by(shape, a[0], a[1]);
        case "scale" -> RandomScale.by(shape, a[0]);
        case "affine" -> Affine.by(shape, a[0], a[1], a[2], a[3], a[4], a[5]);
        case "perspective" -> Perspective.by(shape, a);
        case "resize" -> Resize.to(shape, (int) a[0], (int) a[1]);
        case "center-crop" -> CenterCrop.to(shape, (int) a[0], (int) a[1]);
        default -> {
          int by = (int) a[0];
          yield Warp.cut(new CropBox(-by, -by, shape.height() + 2 * by, shape.width() + 2 * by))
              .with(operation.equals("pad-edge") ? Border.EDGE : Border.REFLECT);
        }
      };
    }

    /**
     * Resizing and nearest pixels are the same to the last bit. Pillow cuts what it interpolates
     * off to whole numbers; here it is rounded.
     */
    int rounding() {
      return interpolation.equals("plain-bilinear") ? 1 : 0;
    }

    /**
     * The share of pixels that come from another pixel, or from beyond the border, since their
     * position lies halfway and is rounded otherwise: torchvision finds perspectives in single
     * precision, and Pillow adds steps up where it scales.
     */
    double onTheOtherSide() {
      boolean scaled = operation.equals("resize") || operation.equals("scale");
      return operation.equals("perspective")
          ? 0.011
          : scaled && interpolation.equals("nearest") ? 0.08 : 0;
    }

    Picture changed(Interpolation by) {
      LazyPicture picture = new LazyPicture(PICTURES.get(kind));
      picture.warp(warp().with(by));
      return picture.picture();
    }

    @Override
    public String toString() {
      return kind + " " + operation + " " + interpolation + " " + Arrays.toString(arguments);
    }
  }

  private static List<Golden> read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    TorchvisionGeometryTest.class.getResourceAsStream(
                        "torchvision_geometry.txt.gz")),
                StandardCharsets.US_ASCII))) {
      return lines.lines().map(Golden::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Golden> goldens(Predicate<Golden> wanted) {
    return GOLDENS.stream().filter(golden -> !golden.operation.equals("original")).filter(wanted);
  }

  static Stream<Golden> copies() {
    return goldens(
        golden -> golden.interpolation.equals("none") || golden.operation.equals("translate"));
  }

  static Stream<Golden> interpolated() {
    return goldens(golden -> !golden.interpolation.equals("none"));
  }

  static Stream<Golden> turnedOrSlanted() {
    return goldens(
        golden ->
            golden.interpolation.equals("plain-bilinear")
                && List.of("rotate", "shear", "shear-by").contains(golden.operation));
  }

  @ParameterizedTest
  @MethodSource("copies")
  void wholePixelsAreMovedAsTorchvisionMovesThem(Golden golden) {
    Picture changed = golden.changed(Interpolation.BILINEAR);
    assertThat(changed.shape()).isEqualTo(golden.result.shape());
    assertThat(changed.pixels()).isEqualTo(golden.result.pixels());
  }

  @ParameterizedTest
  @MethodSource("interpolated")
  void interpolatedPixelsAreTorchvisions(Golden golden) {
    Interpolation interpolation =
        Interpolation.valueOf(golden.interpolation.toUpperCase(Locale.ROOT).replace('-', '_'));
    assertClose(golden, golden.changed(interpolation));
  }

  /** Where nothing shrinks, nothing is smoothed. */
  @ParameterizedTest
  @MethodSource("turnedOrSlanted")
  void turningAndSlantingAreNotAntialiased(Golden golden) {
    assertClose(golden, golden.changed(Interpolation.BILINEAR));
  }

  private static void assertClose(Golden golden, Picture changed) {
    assertThat(changed.shape()).isEqualTo(golden.result.shape());
    byte[] found = changed.pixels();
    byte[] expected = golden.result.pixels();
    double sum = 0;
    int apart = 0;
    for (int i = 0; i < found.length; i++) {
      int difference = Math.abs((found[i] & 0xff) - (expected[i] & 0xff));
      sum += difference;
      apart += difference > golden.rounding() ? 1 : 0;
    }
    assertThat(sum / found.length).isLessThanOrEqualTo(MEAN);
    assertThat((double) apart / found.length).isLessThanOrEqualTo(golden.onTheOtherSide());
  }
}
