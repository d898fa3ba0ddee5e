package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.SyntheticSettings;
import dev.convoy.data.source.TableColumns;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticSourceTest {
  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);

  @Test
  void classesAreBalanced() throws Exception {
    ListedImages listed = source(Role.TRAIN, SHAPE, 0.1).list();

    assertThat(listed.classNames())
        .containsExactly(
            "disc",
            "ring",
            "square",
            "triangle",
            "cross",
            "star",
            "bars",
            "crescent",
            "checker",
            "arrow");
    int[] counts = new int[10];
    IntStream.range(0, listed.listing().size()).forEach(i -> counts[listed.listing().label(i)]++);
    assertThat(counts).containsOnly(5);
  }

  @Test
  void rolesHaveTheirOwnImages() throws Exception {
    ImageSource train = source(Role.TRAIN, SHAPE, 0.1);
    ImageSource test = source(Role.TEST, SHAPE, 0.1);

    assertThat(train.list().listing().size()).isEqualTo(50);
    assertThat(test.list().listing().size()).isEqualTo(20);
    byte[] first = Collected.from(train, train.list().listing()).images.get(0);
    assertThat(Collected.from(test, test.list().listing()).images.get(0)).isNotEqualTo(first);
  }

  @Test
  void imagesFollowFromTheirNumberAlone() throws Exception {
    ImageSource source = source(Role.TRAIN, SHAPE, 0.1);
    Collected all = Collected.from(source, source.list().listing());

    Collected some = Collected.from(source, source.list().listing().select(new int[] {41, 3}));

    assertThat(some.images.get(0)).isEqualTo(all.images.get(41));
    assertThat(some.images.get(1)).isEqualTo(all.images.get(3));
  }

  @ParameterizedTest
  @CsvSource({"8, 8, 1", "28, 28, 1", "32, 32, 3", "40, 64, 3"})
  void everyShapeOfEightPixelsOrMoreIsDrawn(int height, int width, int channels) throws Exception {
    ImageSource source = source(Role.TRAIN, new ImageShape(height, width, channels), 0);

    Collected collected = Collected.from(source, source.list().listing());

    Set<Long> different = new HashSet<>();
    for (byte[] pixels : collected.images.values()) {
      assertThat(pixels).hasSize(height * width * channels);
      assertThat(contrast(pixels)).isGreaterThan(40);
      different.add(hash(pixels));
    }
    assertThat(different).hasSize(50);
  }

  @Test
  void theBytesNeverChange() throws Exception {
    ImageSource source = source(Role.TRAIN, SHAPE, 0.1);
    long hash = 0;
    for (byte[] pixels : Collected.from(source, source.list().listing()).images.values()) {
      hash = hash * 31 + hash(pixels);
    }

    assertThat(hash).isEqualTo(3317190512290968548L);
  }

  @Test
  void withoutItsSettingsOrTooSmallNothingIsDrawn() {
    SourceSettings none =
        new SourceSettings(
            "synthetic",
            null,
            Role.TRAIN,
            StoredShape.resized(SHAPE),
            new DecodeLimits(1, 1),
            TableColumns.USUAL,
            null);
    assertThatThrownBy(() -> ImageSources.open(none, new Configuration()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected their settings, found none");
    assertThatThrownBy(() -> source(Role.TRAIN, new ImageShape(32, 7, 1), 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a height and width of at least 8, found 32x7x1");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new SyntheticSettings(0, 1, 2, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected at least 1 training example, found 0");
    assertThatThrownBy(() -> new SyntheticSettings(1, 1, 11, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 2 to 10 classes, found 11");
    assertThatThrownBy(() -> new SyntheticSettings(1, 1, 2, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected noise of 0 to 1, found NaN");
  }

  @Test
  void unknownFormatsAreNamed() {
    SourceSettings settings =
        new SourceSettings(
            "tfrecord",
            "x",
            Role.TRAIN,
            StoredShape.resized(SHAPE),
            new DecodeLimits(1, 1),
            TableColumns.USUAL,
            null);

    assertThatThrownBy(() -> ImageSources.open(settings, new Configuration()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "expected a format of auto, cifar10-binary, idx, image-folder, manifest, parquet,"
                + " shards, synthetic, webdataset, found tfrecord");
    assertThat(ImageSources.formats()).hasSize(9);
  }

  private static int contrast(byte[] pixels) {
    int[] values = IntStream.range(0, pixels.length).map(i -> pixels[i] & 0xff).toArray();
    return Arrays.stream(values).max().orElse(0) - Arrays.stream(values).min().orElse(0);
  }

  private static long hash(byte[] pixels) {
    long hash = 0;
    for (byte value : pixels) {
      hash = KeyedRandom.mix(hash * 31 + value + 1);
    }
    return hash;
  }

  private static ImageSource source(Role role, ImageShape shape, double noise) {
    return ImageSources.open(
        new SourceSettings(
            "synthetic",
            null,
            role,
            StoredShape.resized(shape),
            new DecodeLimits(1, 1),
            TableColumns.USUAL,
            new SyntheticSettings(50, 20, 10, noise, 7)),
        new Configuration());
  }
}
