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
import dev.convoy.data.image.Border;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.Displacement;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.image.PicturePart;
import dev.convoy.data.image.PictureSource;
import dev.convoy.data.image.Projection;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.Distribution;
import dev.convoy.data.random.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every augmentation that moves pixels. */
class GeometricAugmentationPropertiesTest {
  private static final int EXAMPLES = 30;
  private static final ImageShape LARGE = new ImageShape(2000, 3000, 3);

  private static final List<ImageShape> SHAPES =
      List.of(
          new ImageShape(1, 1, 3),
          new ImageShape(2, 31, 3),
          new ImageShape(17, 3, 1),
          new ImageShape(32, 32, 3));

  static List<String> names() {
    return Augmentations.FAMILY.names().stream()
        .filter(name -> augmentation(name, Map.of()) instanceof GeometricAugmentation)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theResultHasTheInputsShapeAndNoValueBeyondThoseOfThePicture(String name) {
    Augmentations augmentations = augmentations(settings(name, Map.of()));
    ImageShape input = new ImageShape(12, 20, 3);
    for (ImageShape shape : SHAPES) {
      ImageShape to = new ImageShape(input.height(), input.width(), shape.channels());
      for (int example = 0; example < EXAMPLES; example++) {
        assertThat(augmentations.apply(picture(shape, 1), to, random(example)).shape())
            .isEqualTo(to);
        byte[] grey = new byte[shape.size()];
        Arrays.fill(grey, (byte) 77);
        // Where a border shows, zeros are mixed in.
        for (byte value :
            augmentations.apply(new Picture(shape, grey), to, random(example)).pixels()) {
          assertThat(value).isBetween((byte) 0, (byte) 77);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aBatchReceivesTheBytesOfThePictureAndNoOthersChange(String name) {
    Augmentations augmentations = augmentations(settings(name, Map.of()));
    int around = 5;
    for (ImageShape shape : SHAPES) {
      ImageShape to = new ImageShape(12, 20, shape.channels());
      byte[] batch = new byte[around + to.size() + around];
      for (int example = 0; example < EXAMPLES; example++) {
        Arrays.fill(batch, (byte) 99);
        augmentations.apply(source(picture(shape, 1)), to, random(example), batch, around);

        byte[] expected = new byte[batch.length];
        Arrays.fill(expected, (byte) 99);
        Picture alone = augmentations.apply(picture(shape, 1), to, random(example));
        System.arraycopy(alone.pixels(), 0, expected, around, to.size());
        assertThat(batch).isEqualTo(expected);
      }
    }
  }

  private static PictureSource source(Picture picture) {
    return new PictureSource() {
      @Override
      public ImageShape shape() {
        return picture.shape();
      }

      @Override
      public Picture read() {
        return picture;
      }

      @Override
      public PicturePart read(CropBox box) {
        return PicturePart.whole(picture);
      }
    };
  }

  @ParameterizedTest
  @MethodSource("names")
  void fourThreadsGiveTheBytesOfOne(String name) throws Exception {
    Augmentations augmentations =
        augmentations(
            settings(name, Map.of()), settings("rotate", Map.of()), settings("elastic", Map.of()));
    ImageShape shape = new ImageShape(24, 37, 3);
    ImageShape input = new ImageShape(16, 16, 3);
    List<Callable<byte[]>> examples = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      int example = i;
      examples.add(
          () -> augmentations.apply(picture(shape, example), input, random(example)).pixels());
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<byte[]>> together = threads.invokeAll(examples);
      for (int i = 0; i < examples.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(examples.get(i).call());
      }
    } finally {
      threads.shutdown();
    }
  }

  /** The closer to the horizon, the more a pixel covers: in the end 10^8 pixels. */
  @ParameterizedTest
  @ValueSource(strings = {"zero", "edge", "reflect"})
  void aPixelAtTheHorizonCoversNoMoreThanThePictureAndWhatGoesOnAroundIt(String border) {
    ImageShape shape = new ImageShape(32, 32, 1);
    Augmentations augmentations =
        augmentations(
            settings(
                "perspective", Map.of("distortion", 1, "probability", 1, "padding-mode", border)));
    byte[] grey = new byte[shape.size()];
    Arrays.fill(grey, (byte) 77);
    for (int example = 0; example < 10 * EXAMPLES; example++) {
      for (byte value :
          augmentations.apply(new Picture(shape, grey), shape, random(example)).pixels()) {
        assertThat(value).isBetween((byte) 0, (byte) 77);
      }
    }
    // A little to the right of every column's middle, and so in front of the viewer.
    for (double distance : new double[] {1e-2, 1e-4, 1e-7}) {
      LazyPicture towards = new LazyPicture(picture(shape, 1));
      towards.warp(
          Warp.of(shape, new Projection(1, 0, 0, 0, 1, 0, -1 / (31.5 + distance), 0))
              .with(Border.valueOf(border.toUpperCase(Locale.ROOT))));
      assertThat(towards.picture().shape()).isEqualTo(shape);
    }
  }

  static Stream<ComponentSettings> withoutStrength() {
    return Stream.of(
        settings(
            "affine", Map.of("max-degrees", 0, "max-share", 0, "min-factor", 1, "max-factor", 1)),
        settings("center-crop", Map.of()),
        settings("elastic", Map.of("alpha", 0)),
        settings("horizontal-flip", Map.of("probability", 0)),
        settings("perspective", Map.of("distortion", 0, "probability", 1)),
        settings("random-crop", Map.of("padding", 0)),
        settings("resize", Map.of("interpolation", "bicubic")),
        settings("rotate", Map.of("max-degrees", 0)),
        settings("scale", Map.of("min-factor", 1, "max-factor", 1)),
        settings("shear", Map.of("max-x-degrees", 0)),
        settings("translate", Map.of("max-pixels", 0)),
        settings("vertical-flip", Map.of("probability", 0)));
  }

  @ParameterizedTest
  @MethodSource("withoutStrength")
  void aStrengthOfZeroIsTheIdentity(ComponentSettings settings) {
    for (ImageShape shape : SHAPES) {
      for (int example = 0; example < EXAMPLES; example++) {
        assertThat(
                augmentations(settings).apply(picture(shape, 2), shape, random(example)).pixels())
            .isEqualTo(picture(shape, 2).pixels());
      }
    }
  }

  @Test
  void anglesFactorsAndLeansAreUniform() {
    Rotate rotate = (Rotate) augmentation("rotate", Map.of("max-degrees", 40));
    assertUniform("angle", -40, 40, random -> degrees(projection(rotate, random)));
    RandomScale scale =
        (RandomScale) augmentation("scale", Map.of("min-factor", 0.5, "max-factor", 1.5));
    assertUniform("factor", 0.5, 1.5, random -> 1 / projection(scale, random).xx());
    Shear shear = (Shear) augmentation("shear", Map.of("max-x-degrees", 30, "max-y-degrees", 20));
    assertUniform(
        "lean of columns",
        -30,
        30,
        random -> Math.toDegrees(Math.atan(projection(shear, random).xy())));
    assertUniform(
        "lean of rows",
        -20,
        20,
        random -> Math.toDegrees(Math.atan(projection(shear, random).yx())));
    Affine affine =
        (Affine)
            augmentation(
                "affine",
                Map.of("max-degrees", 25, "max-share", 0, "min-factor", 0.5, "max-factor", 2));
    // Clockwise, as torchvision counts.
    assertUniform("angle of affine", -25, 25, random -> -degrees(projection(affine, random)));
    assertUniform(
        "factor of affine",
        0.5,
        2,
        random -> {
          Projection drawn = projection(affine, random);
          return 1 / Math.hypot(drawn.xx(), drawn.xy());
        });
  }

  @Test
  void shiftsAreUniformInWholePixels() {
    Translate translate =
        (Translate) augmentation("translate", Map.of("max-pixels", 3, "max-share", 0.001));
    Distribution.assertDistributed(
        "shift to the right",
        sample(random -> -projection(translate, random).x0()),
        wholeNumbers(-6, 6));
    Distribution.assertDistributed(
        "shift down", sample(random -> -projection(translate, random).y0()), wholeNumbers(-5, 5));
    Affine affine =
        (Affine)
            augmentation(
                "affine",
                Map.of("max-degrees", 0, "max-share", 0.2, "min-factor", 1, "max-factor", 1));
    double[] shifts = sample(random -> -projection(affine, random).x0());
    assertThat(DoubleStream.of(shifts)).allMatch(shift -> shift == Math.rint(shift));
    Distribution.assertDistributed(
        "shift of affine", shifts, value -> (Math.floor(value) + 600.5) / 1200);
  }

  @Test
  void cornersMoveInwardsUniformly() {
    Perspective perspective = (Perspective) augmentation("perspective", Map.of("distortion", 0.4));
    double[] corners = {0, 0, 2999, 0, 2999, 1999, 0, 1999};
    int[] inwards = {1, 1, -1, 1, -1, -1, 1, -1};
    for (int i = 0; i < corners.length; i++) {
      int coordinate = i;
      Distribution.assertDistributed(
          "corner",
          sample(
              random ->
                  inwards[coordinate]
                      * (perspective.draw(LARGE, random)[coordinate] - corners[coordinate])),
          wholeNumbers(0, i % 2 == 0 ? 600 : 400));
    }
  }

  @Test
  void cornersComeFromTheCorners() {
    double[] corners = {3, 4, 90, 1, 80, 44, 6, 49};
    ImageShape shape = new ImageShape(50, 100, 1);
    double[] x = {3, 90, 80, 6};
    double[] y = {4, 1, 44, 49};

    Perspective.by(shape, corners).mapping().apply(x, y, 4);

    assertThat(x).containsExactly(new double[] {0, 99, 99, 0}, within(1e-9));
    assertThat(y).containsExactly(new double[] {0, 0, 49, 49}, within(1e-9));
  }

  /** Noise of variance 1/3 that a normalised Gaussian kernel smooths has 1 / (12 pi sigma²). */
  @ParameterizedTest
  @CsvSource({"34, 4", "100, 8", "5, 1"})
  void elasticDisplacementsAreAsLargeAsTheFormulaSays(double alpha, double sigma) {
    Elastic elastic = (Elastic) augmentation("elastic", Map.of("alpha", alpha, "sigma", sigma));
    ImageShape shape = new ImageShape(300, 300, 1);
    Warp warp = elastic.draw(shape, shape, random(3));
    Displacement displacement = (Displacement) warp.mapping();

    double expected = alpha / (sigma * Math.sqrt(12 * Math.PI));
    // So many independent values as kernels have room: the deviation of their deviation.
    double tolerance = 6 * expected / Math.sqrt(2) * sigma * 3.5 / 300;
    assertThat(deviation(displacement.right())).isCloseTo(expected, within(tolerance));
    assertThat(deviation(displacement.down())).isCloseTo(expected, within(tolerance));
  }

  @Test
  void elasticDisplacementsAreNoiseSmoothedByAGaussian() {
    Elastic elastic = (Elastic) augmentation("elastic", Map.of("alpha", 10, "sigma", 1.5));
    ImageShape shape = new ImageShape(9, 13, 1);
    Warp warp = elastic.draw(shape, shape, random(5));
    float[][] found = ((Displacement) warp.mapping()).right();

    KeyedRandom same = random(5);
    same.nextDouble(); // whether the picture is changed
    double[][] noise = new double[9][13];
    for (double[] row : noise) {
      for (int x = 0; x < row.length; x++) {
        row[x] = 2 * same.nextFloat() - 1;
      }
    }
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 13; x++) {
        double sum = 0;
        double weights = 0;
        for (int down = -6; down <= 6; down++) {
          for (int right = -6; right <= 6; right++) {
            double weight = Math.exp(-(right * right + down * down) / (2 * 1.5 * 1.5));
            int row = Math.min(Math.abs(y + down), 16 - Math.abs(y + down));
            int column = Math.min(Math.abs(x + right), 24 - Math.abs(x + right));
            sum += weight * noise[row][column];
            weights += weight;
          }
        }
        assertThat((double) found[y][x]).isCloseTo(10 * sum / weights, within(1e-4));
      }
    }
  }

  @Test
  void cropsGoOnBeyondTheBorderAsTheyAreTold() {
    ImageShape shape = new ImageShape(5, 7, 1);
    Augmentations edge =
        augmentations(settings("random-crop", Map.of("padding", 3, "padding-mode", "edge")));
    Augmentations reflect =
        augmentations(settings("random-crop", Map.of("padding", 3, "padding-mode", "reflect")));
    byte[] pixels = picture(shape, 1).pixels();
    for (int example = 0; example < 200; example++) {
      KeyedRandom same = random(example);
      int top = same.nextInt(7) - 3;
      int left = same.nextInt(7) - 3;
      byte[] edged = edge.apply(picture(shape, 1), shape, random(example)).pixels();
      byte[] reflected = reflect.apply(picture(shape, 1), shape, random(example)).pixels();
      for (int i = 0; i < pixels.length; i++) {
        int y = i / 7 + top;
        int x = i % 7 + left;
        assertThat(edged[i])
            .isEqualTo(pixels[7 * Math.max(0, Math.min(4, y)) + Math.max(0, Math.min(6, x))]);
        assertThat(reflected[i])
            .isEqualTo(
                pixels[
                    7 * Math.min(Math.abs(y), 8 - Math.abs(y))
                        + Math.min(Math.abs(x), 12 - Math.abs(x))]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"375, 500, 256, 341", "500, 375, 341, 256", "300, 300, 256, 256"})
  void theShorterSideIsResizedAndTheOtherInProportion(
      int height, int width, int toHeight, int toWidth) {
    Resize resize = (Resize) augmentation("resize", Map.of("side", 256));
    Warp warp = resize.draw(new ImageShape(height, width, 3), LARGE, random(0));

    assertThat(List.of(warp.height(), warp.width())).containsExactly(toHeight, toWidth);
  }

  private static double degrees(Projection rotation) {
    return Math.toDegrees(Math.atan2(rotation.yx(), rotation.xx()));
  }

  private static double deviation(float[][] values) {
    double squares = 0;
    for (float[] row : values) {
      for (float value : row) {
        squares += (double) value * value;
      }
    }
    return Math.sqrt(squares / values.length / values[0].length);
  }

  private static Projection projection(GeometricAugmentation augmentation, KeyedRandom random) {
    return (Projection) augmentation.draw(LARGE, LARGE, random).mapping();
  }

  private static void assertUniform(
      String what, double from, double to, ToDoubleFunction<KeyedRandom> draw) {
    Distribution.assertDistributed(what, sample(draw), Distribution.uniform(from, to));
  }

  private static DoubleUnaryOperator wholeNumbers(int from, int to) {
    return value -> (Math.floor(value) - from + 1) / (to - from + 1);
  }

  private static Augmentations augmentations(ComponentSettings... settings) {
    return Augmentations.of(List.of(settings));
  }
}
