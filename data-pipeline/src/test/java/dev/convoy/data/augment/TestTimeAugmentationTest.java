package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.shard.ArraySource;
import dev.convoy.data.shard.Examples;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestTimeAugmentationTest {
  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);

  @TempDir Path scratch;

  @ParameterizedTest
  @EnumSource(TestTimeAugmentation.class)
  void everyExampleIsThereInAllOfItsViews(TestTimeAugmentation augmentation) throws Exception {
    int views = augmentation.views();
    try (Shard shard = ArraySource.shard(5, SHAPE, new MemoryBudget(1 << 20), scratch)) {
      Examples examples = augmentation.of(shard);
      assertThat(examples.size()).isEqualTo(5 * views);
      byte[] found = new byte[SHAPE.size() + 3];
      for (int i = 0; i < examples.size(); i++) {
        int example = i / views;
        assertThat(examples.id(i)).isEqualTo(shard.id(example));
        assertThat(examples.label(i)).isEqualTo(shard.label(example));
        assertThat(examples.weight(i)).isEqualTo(shard.weight(example));
        assertThat(examples.copy(i)).isEqualTo(i % views);
        assertThat(examples.shape(i)).isEqualTo(SHAPE);
        examples.pixels(i, found, 3);
        Picture picture = new Picture(SHAPE, ArraySource.pixels(example, SHAPE));
        assertThat(Arrays.copyOfRange(found, 3, found.length))
            .isEqualTo(expected(augmentation, picture, i % views).pixels());
      }
    }
  }

  /** Written out: 14 of 16 pixels, at the corners and in the middle. */
  private static Picture expected(TestTimeAugmentation augmentation, Picture picture, int view) {
    List<CropBox> boxes =
        switch (augmentation) {
          case NONE, FLIP -> List.of(new CropBox(0, 0, 16, 16));
          case FIVE_CROP, TEN_CROP ->
              List.of(
                  new CropBox(0, 0, 14, 14),
                  new CropBox(0, 2, 14, 14),
                  new CropBox(2, 0, 14, 14),
                  new CropBox(2, 2, 14, 14),
                  new CropBox(1, 1, 14, 14));
        };
    Picture seen = Resampling.crop(picture, boxes.get(view % boxes.size()), SHAPE);
    return view < boxes.size() ? seen : mirrored(seen);
  }

  private static Picture mirrored(Picture picture) {
    byte[] pixels = new byte[picture.pixels().length];
    int width = picture.shape().width();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = picture.pixels()[i / width * width + width - 1 - i % width];
    }
    return new Picture(picture.shape(), pixels);
  }

  /** As Krizhevsky cut them: 224 of 256 pixels, out of the middle of a picture. */
  @Test
  void cropsOfALargerPictureAreItsOwnPixels() {
    ImageShape large = new ImageShape(256, 300, 1);
    ImageShape input = new ImageShape(224, 224, 1);
    Picture picture = new Picture(large, ArraySource.pixels(7, large));
    int[][] corners = {{0, 22}, {0, 54}, {32, 22}, {32, 54}, {16, 38}};
    for (int view = 0; view < 5; view++) {
      LazyPicture seen = new LazyPicture(picture);
      TestTimeAugmentation.TEN_CROP.show(seen, input, view);
      byte[] expected = new byte[input.size()];
      for (int i = 0; i < expected.length; i++) {
        int y = corners[view][0] + i / 224;
        int x = corners[view][1] + i % 224;
        expected[i] = picture.pixels()[y * 300 + x];
      }
      assertThat(seen.picture().pixels()).isEqualTo(expected);
    }
  }

  @Test
  void kindsAreFoundByName() {
    assertThat(TestTimeAugmentation.named("ten-crop")).contains(TestTimeAugmentation.TEN_CROP);
    assertThat(TestTimeAugmentation.named("TEN_CROP")).isEmpty();
  }
}
