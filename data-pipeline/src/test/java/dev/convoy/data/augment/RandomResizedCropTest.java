package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.random.Distribution;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.ArraySource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomResizedCropTest {
  private static final ImageShape INPUT = new ImageShape(20, 30, 3);
  private static final ImageShape PICTURE = new ImageShape(60, 90, 3);

  private static final int DRAWS = 4000;

  @ParameterizedTest
  @CsvSource({"20, 30, 3", "17, 17, 1", "1, 5, 3"})
  void cuttingEverythingOutOfAPictureOfTheInputsSizeChangesNothing(
      int height, int width, int channels) {
    ImageShape shape = new ImageShape(height, width, channels);
    Picture picture = new Picture(shape, ArraySource.pixels(3, shape));

    for (int example = 0; example < 20; example++) {
      assertThat(apply(crop(1, 1, 1), picture, shape, example)).isSameAs(picture);
    }
  }

  @Test
  void theResultHasTheInputsShapeWhateverThePicturesIs() {
    RandomResizedCrop crop = crop(0.08, 1, 4.0 / 3);
    for (int example = 0; example < 200; example++) {
      ImageShape shape = new ImageShape(1 + 7 * example % 50, 1 + 11 * example % 60, 3);
      Picture picture = new Picture(shape, ArraySource.pixels(example, shape));

      assertThat(apply(crop, picture, INPUT, example).shape()).isEqualTo(INPUT);
    }
  }

  @Test
  void theSameKeyCutsTheSamePartAndItIsResizedInOneStep() {
    RandomResizedCrop crop = crop(0.08, 1, 4.0 / 3);
    Picture picture = new Picture(PICTURE, ArraySource.pixels(5, PICTURE));
    for (int example = 0; example < 20; example++) {
      CropBox part = crop.box(PICTURE, INPUT, random(example));
      byte[] cut = new byte[3 * part.height() * part.width()];
      for (int i = 0; i < cut.length; i++) {
        int channel = i / (part.height() * part.width());
        int y = part.top() + i / part.width() % part.height();
        int x = part.left() + i % part.width();
        cut[i] = picture.pixels()[(channel * 60 + y) * 90 + x];
      }

      assertThat(apply(crop, picture, INPUT, example).pixels())
          .isEqualTo(new Resampling(part.height(), part.width(), 3, INPUT).apply(cut).pixels());
    }
  }

  @Test
  void fourThreadsGiveTheBytesOfOne() throws Exception {
    Augmentations both =
        Augmentations.of(
            List.of(
                ComponentSettings.defaults("random-resized-crop"),
                ComponentSettings.defaults("horizontal-flip")));
    List<Callable<byte[]>> examples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int example = i;
      examples.add(
          () ->
              both.apply(
                      new Picture(PICTURE, ArraySource.pixels(example, PICTURE)),
                      INPUT,
                      random(example))
                  .pixels());
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

  /** Areas and aspects so small that every part fits: then none is drawn again. */
  @Test
  void areasAreUniformAndAspectsLogUniform() {
    ImageShape large = new ImageShape(2000, 3000, 3);
    RandomResizedCrop crop = crop(0.1, 0.5, 1.2);
    double[] areas = new double[DRAWS];
    double[] aspects = new double[DRAWS];
    double[] tops = new double[DRAWS];
    for (int example = 0; example < DRAWS; example++) {
      CropBox part = crop.box(large, INPUT, random(example));
      areas[example] = (double) part.height() * part.width() / large.planeSize();
      aspects[example] = Math.log((double) part.width() / part.height() / 1.5);
      tops[example] = (part.top() + 0.5) / (large.height() - part.height() + 1);
    }

    Distribution.assertDistributed("area", areas, area -> (area - 0.1) / 0.4);
    double most = Math.log(1.2);
    Distribution.assertDistributed("aspect", aspects, aspect -> (aspect + most) / (2 * most));
    Distribution.assertDistributed("top", tops, top -> top);
  }

  @ParameterizedTest
  @CsvSource({"10, 200, 10, 20, 0, 90", "200, 10, 20, 10, 90, 0", "20, 40, 20, 40, 0, 0"})
  void aPictureThatNoPartFitsIsCutInTheMiddle(
      int height, int width, int partHeight, int partWidth, int top, int left) {
    ImageShape square = new ImageShape(8, 8, 1);

    assertThat(crop(1, 1, 2).box(new ImageShape(height, width, 1), square, random(0)))
        .isEqualTo(new CropBox(top, left, partHeight, partWidth));
  }

  private static RandomResizedCrop crop(double minArea, double maxArea, double maxAspect) {
    return (RandomResizedCrop)
        Augmentations.FAMILY.create(
            new ComponentSettings(
                "random-resized-crop",
                Map.of("min-area", minArea, "max-area", maxArea, "max-aspect", maxAspect)));
  }

  private static Picture apply(
      RandomResizedCrop crop, Picture picture, ImageShape input, int example) {
    LazyPicture cut = new LazyPicture(picture);
    cut.warp(crop.draw(picture.shape(), input, random(example)));
    return cut.picture();
  }

  private static KeyedRandom random(int example) {
    return KeyedRandom.of(1, Purpose.AUGMENTATION, 0, example);
  }

  @Test
  void aPictureThatNoAugmentationBringsToTheInputIsFitted() {
    ImageShape wide = new ImageShape(20, 50, 3);
    Picture picture = new Picture(wide, ArraySource.pixels(9, wide));

    Picture fitted =
        Augmentations.of(
                List.of(new ComponentSettings("horizontal-flip", Map.of("probability", 0.0))))
            .apply(picture, INPUT, random(0));

    assertThat(fitted.shape()).isEqualTo(INPUT);
    for (int y = 0; y < 60; y++) {
      assertThat(Arrays.copyOfRange(fitted.pixels(), 30 * y, 30 * y + 30))
          .as("the middle of row %d", y)
          .isEqualTo(Arrays.copyOfRange(picture.pixels(), 50 * y + 10, 50 * y + 40));
    }
  }
}
