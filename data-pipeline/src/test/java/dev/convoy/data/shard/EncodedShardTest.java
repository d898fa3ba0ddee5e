package dev.convoy.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.format.ShardFile;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.EncodedImage;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.image.Warp;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards that keep files hold the pictures of shards that keep pixels. */
class EncodedShardTest {
  private static final ImageShape INPUT = new ImageShape(24, 24, 3);
  private static final StoredShape STORE = new StoredShape(INPUT, 4096);
  private static final long PLENTY = 1 << 26;

  @TempDir private Path directory;
  private Path images;
  private Path scratch;

  @BeforeEach
  void draw() throws Exception {
    images = directory.resolve("images");
    scratch = directory.resolve("scratch");
    String[] formats = {"jpg", "png", "gif", "webp", "tiff"};
    for (int i = 0; i < 30; i++) {
      String format = formats[i % formats.length];
      Path file = images.resolve("class " + i % 2).resolve(i + "." + format);
      Files.createDirectories(file.getParent());
      // Noise is not compressed; what is of one colour is.
      Files.write(
          file,
          i % 3 == 0
              ? EncodedImage.flatPng(60 + i, 50, 200, i, 30)
              : EncodedImage.large(format, 40 + i, 50 - i));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {PLENTY, 0})
  void picturesAreThoseOfADecodedShardOnTheHeapAndInASpillFile(long budget) throws Exception {
    try (Shard decoded = pack(StoredForm.DECODED, PLENTY);
        Shard encoded = pack(StoredForm.ENCODED, budget)) {
      assertThat(encoded.size()).isEqualTo(30).isEqualTo(decoded.size());
      assertThat(encoded.statistics()).usingRecursiveComparison().isEqualTo(decoded.statistics());
      for (int i = 0; i < 30; i++) {
        assertThat(encoded.shape(i)).isEqualTo(decoded.shape(i));
        assertThat(pixels(encoded, i)).isEqualTo(pixels(decoded, i));
        CropBox box = new CropBox(3, 2, 15, 12);
        assertThat(part(encoded, i, box)).isEqualTo(part(decoded, i, box));
      }
      assertThat(encoded.bytesInMemory() + encoded.bytesOnDisk())
          .isLessThan(decoded.bytesInMemory() * 9 / 10);
      assertThat(encoded.bytesOnDisk() > 0).isEqualTo(budget == 0);
    }
  }

  @Test
  void examplesAreKeptDecodedWhereThatIsSmaller() throws Exception {
    try (Shard encoded = pack(StoredForm.ENCODED, PLENTY)) {
      assertThat(IntStream.range(0, 30).filter(encoded::isEncoded).count()).isBetween(10L, 29L);
    }
    try (Shard decoded = pack(StoredForm.DECODED, PLENTY)) {
      assertThat(IntStream.range(0, 30).filter(decoded::isEncoded)).isEmpty();
    }
  }

  @Test
  void batchesAreThoseOfADecodedShardWhateverThreadDecodes() throws Exception {
    List<ComponentSettings> augmentations =
        List.of(
            ComponentSettings.defaults("random-resized-crop"),
            ComponentSettings.defaults("horizontal-flip"),
            ComponentSettings.defaults("brightness"));
    try (Shard decoded = pack(StoredForm.DECODED, PLENTY);
        Shard encoded = pack(StoredForm.ENCODED, PLENTY)) {
      List<byte[]> expected = batches(decoded, augmentations);
      for (int attempt = 0; attempt < 5; attempt++) {
        assertThat(batches(encoded, augmentations)).containsExactlyElementsOf(expected);
      }
      assertThat(batches(encoded, List.of()))
          .containsExactlyElementsOf(batches(decoded, List.of()));
    }
  }

  @Test
  void damagedFilesAreFoundBeforeAnythingIsTrained() throws Exception {
    Path damaged = images.resolve("class 1/1.png");
    byte[] file = Files.readAllBytes(damaged);
    Files.write(damaged, Arrays.copyOf(file, file.length / 2));

    try (Shard encoded = pack(StoredForm.ENCODED, PLENTY)) {
      assertThat(encoded.size()).isEqualTo(29);
      assertThat(encoded.statistics().quarantined())
          .singleElement()
          .satisfies(
              quarantined -> {
                assertThat(quarantined.path()).endsWith("class 1/1.png");
                assertThat(quarantined.reason())
                    .isEqualTo("the PNG data end too early or are damaged");
              });
    }
  }

  @Test
  void theFileOfAPreparedShardHoldsPixels() throws Exception {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    try (Shard decoded = pack(StoredForm.DECODED, PLENTY);
        Shard encoded = pack(StoredForm.ENCODED, PLENTY)) {
      ShardFile.write(expected, decoded, 2, () -> {});
      ShardFile.write(found, encoded, 2, () -> {});
      assertThat(ShardFile.length(encoded)).isEqualTo(found.size());
    }
    assertThat(found.toByteArray()).isEqualTo(expected.toByteArray());
  }

  private Shard pack(StoredForm form, long budget) throws Exception {
    ImageSource source =
        ImageSources.open(
            new SourceSettings(
                "image-folder",
                images.toString(),
                Role.TRAIN,
                STORE,
                new DecodeLimits(1 << 20, 1 << 20),
                TableColumns.USUAL,
                null),
            new Configuration());
    ListedImages listed = source.list();
    return ShardPacker.pack(
        listed.listing(), 2, STORE, form, source, new MemoryBudget(budget), scratch);
  }

  private static byte[] part(Shard shard, int i, CropBox box) {
    LazyPicture picture = new LazyPicture(shard.picture(i));
    picture.warp(Warp.cut(box));
    return picture.picture().pixels();
  }

  private static byte[] pixels(Shard shard, int i) {
    byte[] pixels = new byte[shard.shape(i).size()];
    shard.pixels(i, pixels, 0);
    return pixels;
  }

  private static List<byte[]> batches(Shard shard, List<ComponentSettings> augmentations) {
    int[] order = IntStream.range(0, shard.size()).map(i -> (7 * i) % shard.size()).toArray();
    List<byte[]> batches = new ArrayList<>();
    try (BatchPipeline pipeline =
        new BatchPipeline(
            shard,
            ShardTargets.labels(2),
            order,
            0,
            order.length,
            8,
            Augmentations.of(augmentations),
            5,
            3)) {
      for (Batch batch = pipeline.next(); batch != null; batch = pipeline.next()) {
        for (int i = 0; i < batch.size(); i++) {
          batches.add(batch.picture(i).pixels());
        }
      }
    }
    return batches;
  }
}
