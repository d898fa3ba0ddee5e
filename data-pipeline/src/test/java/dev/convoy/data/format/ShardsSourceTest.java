package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.format.ShardManifest.ClassCount;
import dev.convoy.data.format.ShardManifest.Origin;
import dev.convoy.data.format.ShardManifest.Part;
import dev.convoy.data.shard.ArraySource;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardsSourceTest {
  private static final ImageShape SHAPE = new ImageShape(3, 4, 3);

  @TempDir Path directory;
  private ShardManifest manifest;

  @BeforeEach
  void prepare() throws Exception {
    ArraySource source = new ArraySource(7, SHAPE);
    Listing all = source.list().listing();
    Part first = write("part-00000.shard", all.select(new int[] {0, 1, 2}), source);
    Part second = write("part-00001.shard", all.select(new int[] {3, 4, 5, 6}), source);
    write("part-00002.shard", all.select(new int[] {3}), source);
    Files.writeString(directory.resolve("_SUCCESS"), "");
    manifest =
        new ShardManifest(
            true,
            new Origin("12ab", "34cd"),
            StoredShape.resized(SHAPE),
            List.of(new ClassCount("a", 3), new ClassCount("b", 2), new ClassCount("c", 2)),
            List.of(first, second));
    write(manifest);
  }

  @Test
  void tellsHowManyImagesEachPartHolds() throws Exception {
    assertThat(Collected.found(source(SHAPE))).containsExactly(3, 4);
  }

  @Test
  void listsWhatWasPrepared() throws Exception {
    ListedImages listed = source(SHAPE).list();

    assertThat(listed.classNames()).containsExactly("a", "b", "c");
    assertThat(IntStream.range(0, 7).map(listed.listing()::label))
        .containsExactly(0, 1, 2, 0, 1, 2, 0);
    assertThat(listed.listing().location(4)).endsWith("part-00001.shard#1");
  }

  @Test
  void readsAnySelectionInItsOrder() throws Exception {
    ImageSource source = source(SHAPE);
    for (int[] positions : new int[][] {{0, 1, 2, 3, 4, 5, 6}, {0, 0, 3, 5, 6}, {2, 2, 4}}) {
      Collected collected = Collected.from(source, source.list().listing().select(positions));

      assertThat(collected.order).hasSameSizeAs(positions).isSorted();
      for (int i = 0; i < positions.length; i++) {
        assertThat(collected.images.get(i)).isEqualTo(ArraySource.pixels(positions[i], SHAPE));
      }
    }
  }

  /** As on executors, which are started elsewhere than the driver. */
  @Test
  void relativePlacesBeginWhereTheDriverWasStarted() throws Exception {
    Configuration executor = new Configuration();
    executor.set(Locations.WORKING_DIRECTORY, directory.getParent().toString());
    Path relative = directory.getFileName();
    Listing listing = Listing.ofRecords(relative + "/part-00000.shard", new int[] {0, 1, 2});

    Collected collected =
        Collected.from(source(StoredShape.resized(SHAPE), relative, executor), listing);

    assertThat(collected.images.get(2)).isEqualTo(ArraySource.pixels(2, SHAPE));
  }

  @Test
  void picturesOfDifferentSizesAndWeightsAreReadWhateverTheNetworkTakes() throws Exception {
    StoredShape store = new StoredShape(SHAPE, 9);
    ImageShape[] shapes = {new ImageShape(9, 2, 3), new ImageShape(1, 1, 3), SHAPE};
    Listing all = new ArraySource(3, SHAPE).list().listing();
    ImageSource mixed =
        new ImageSource() {
          @Override
          public ListedImages list() {
            return new ArraySource(3, SHAPE).list();
          }

          @Override
          public void read(Listing part, ExampleSink sink) {
            for (int i = 0; i < part.size(); i++) {
              sink.accept(i, new Picture(shapes[i], ArraySource.pixels(i, shapes[i])));
            }
          }
        };
    Part part = write("part-00000.shard", all.withWeights(new float[] {0, 2.5f, 1}), mixed, store);
    write(
        new ShardManifest(
            true,
            manifest.origin(),
            store,
            List.of(new ClassCount("a", 1), new ClassCount("b", 1), new ClassCount("c", 1)),
            List.of(part)));

    ImageSource source = source(new StoredShape(new ImageShape(5, 5, 3), 9));
    Listing listing = source.list().listing();
    assertThat(List.of(listing.weight(0), listing.weight(1), listing.weight(2)))
        .containsExactly(0f, 2.5f, 1f);
    Collected collected = Collected.from(source, listing);
    for (int i = 0; i < shapes.length; i++) {
      assertThat(collected.images.get(i)).isEqualTo(ArraySource.pixels(i, shapes[i]));
    }
    assertThatThrownBy(() -> source(new StoredShape(SHAPE, 8)).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "expected images of 3 channels with sides of at most 8, found 3 channels with sides of"
                + " at most 9")
        .hasMessageContaining("Set data.image and data.store");
  }

  @Test
  void imagesOfAnotherShapeAreRefused() {
    assertThatThrownBy(() -> source(new ImageShape(3, 4, 1)).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected images of 3x4x1, found 3x4x3, in ")
        .hasMessageContaining("part-00000.shard");
  }

  @Test
  void partsThatTheManifestDoesNotNameAreNotRead() throws Exception {
    assertThat(directory.resolve("part-00002.shard")).exists();
    assertThat(source(SHAPE).list().listing().size()).isEqualTo(7);
  }

  @Test
  void aFolderWithoutAManifestIsIncomplete() throws Exception {
    Files.delete(directory.resolve("manifest.json"));
    assertRefused("expected manifest.json, found none", "interrupted", "earlier version");
    for (int part = 0; part < 3; part++) {
      Files.delete(directory.resolve("part-0000" + part + ".shard"));
    }
    assertRefused("expected manifest.json, found none", "Name the folder of one role");
  }

  @Test
  void aSetThatWasInterruptedIsRefused() throws Exception {
    write(with(false, manifest.parts()));
    assertRefused("expected all parts, found an incomplete set", "give the same command again");
  }

  @Test
  void aPartThatIsMissingIsNamed() throws Exception {
    Files.delete(directory.resolve("part-00001.shard"));
    assertRefused("expected a file, found nothing", "part-00001.shard");
  }

  @Test
  void aPartOfAnotherSetIsNamed() throws Exception {
    Files.copy(
        directory.resolve("part-00002.shard"),
        directory.resolve("part-00000.shard"),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefused("expected the length of manifest.json", "part-00000.shard");

    Listing others = new ArraySource(7, SHAPE).list().listing().select(new int[] {1, 2, 3});
    write("part-00000.shard", others, new ArraySource(7, SHAPE));
    assertRefused("expected the checksum of manifest.json", "part-00000.shard");
  }

  @Test
  void everyPixelIsCheckedWhileItIsRead() throws Exception {
    byte[] bytes = Files.readAllBytes(directory.resolve("part-00001.shard"));
    bytes[bytes.length - 5] ^= 1;
    Files.write(directory.resolve("part-00001.shard"), bytes);
    ImageSource source = source(SHAPE);
    assertThatThrownBy(() -> Collected.from(source, source.list().listing()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected the checksum")
        .hasMessageContaining("part-00001.shard");
  }

  @Test
  void anotherPartIsAnotherVersionOfTheListing() throws Exception {
    long before = source(SHAPE).list().listing().fingerprint();
    Listing others = new ArraySource(7, SHAPE).list().listing().select(new int[] {3, 4, 2});
    Part other = write("part-00000.shard", others, new ArraySource(7, SHAPE));
    write(with(true, List.of(other, manifest.parts().get(1))));
    assertThat(source(SHAPE).list().listing().fingerprint()).isNotEqualTo(before);
  }

  private ShardManifest with(boolean complete, List<Part> parts) {
    return new ShardManifest(
        complete, manifest.origin(), StoredShape.resized(SHAPE), manifest.classes(), parts);
  }

  private void assertRefused(String... words) {
    assertThatThrownBy(() -> source(SHAPE).list())
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining(directory.toString());
  }

  private void write(ShardManifest content) throws Exception {
    try (OutputStream out = Files.newOutputStream(directory.resolve("manifest.json"))) {
      content.write(out);
    }
  }

  private Part write(String name, Listing part, ArraySource source) throws Exception {
    return write(name, part, source, StoredShape.resized(SHAPE));
  }

  private Part write(String name, Listing part, ImageSource source, StoredShape store)
      throws Exception {
    try (Shard shard =
            ShardPacker.pack(
                part, ArraySource.CLASSES, store, source, new MemoryBudget(0), directory);
        OutputStream out = Files.newOutputStream(directory.resolve(name))) {
      int checksum = ShardFile.write(out, shard, ArraySource.CLASSES, () -> {});
      return Part.of(name, ShardFile.length(shard), checksum, shard.statistics());
    }
  }

  private ImageSource source(ImageShape shape) {
    return source(StoredShape.resized(shape));
  }

  private ImageSource source(StoredShape store) {
    return source(store, directory, new Configuration());
  }

  private static ImageSource source(StoredShape store, Path place, Configuration hadoop) {
    return ImageSources.open(
        new SourceSettings(
            "shards",
            place.toString(),
            Role.TRAIN,
            store,
            new DecodeLimits(1, 1),
            TableColumns.USUAL,
            null),
        hadoop);
  }
}
