package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.shard.ArraySource;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardsSourceTest {
  private static final ImageShape SHAPE = new ImageShape(3, 4, 3);

  @TempDir Path directory;

  @BeforeEach
  void prepare() throws Exception {
    ArraySource source = new ArraySource(7, SHAPE);
    Listing all = source.list().listing();
    write("part-00000.shard", all.select(new int[] {0, 1, 2}), source);
    write("part-00001.shard", all.select(new int[] {3, 4, 5, 6}), source);
    write(".part-00002.shard", all.select(new int[] {3}), source);
    Files.writeString(directory.resolve("labels.txt"), "a\nb\nc\n");
    Files.writeString(directory.resolve("_SUCCESS"), "");
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
    for (int[] positions : new int[][] {{0, 1, 2, 3, 4, 5, 6}, {6, 0, 5, 0, 3}, {2, 2, 4}}) {
      Collected collected = Collected.from(source, source.list().listing().select(positions));

      assertThat(collected.order).hasSameSizeAs(positions).isSorted();
      for (int i = 0; i < positions.length; i++) {
        assertThat(collected.images.get(i)).isEqualTo(ArraySource.pixels(positions[i], SHAPE));
      }
    }
  }

  @Test
  void imagesOfAnotherShapeAreRefused() {
    assertThatThrownBy(() -> source(new ImageShape(3, 4, 1)).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected images of 3x4x1, found 3x4x3, in ")
        .hasMessageContaining("part-00000.shard");
  }

  @Test
  void classesThatDoNotFitAreRefused() throws Exception {
    Files.writeString(directory.resolve("labels.txt"), "a\nb\n");

    assertThatThrownBy(() -> source(SHAPE).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected the 2 classes of labels.txt, found 3, in ");
  }

  @Test
  void missingPartsAreNamed() throws Exception {
    Files.delete(directory.resolve("labels.txt"));
    assertThatThrownBy(() -> source(SHAPE).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected labels.txt, found none, in ");

    Files.writeString(directory.resolve("labels.txt"), "a\nb\nc\n");
    Files.delete(directory.resolve("part-00000.shard"));
    Files.delete(directory.resolve("part-00001.shard"));
    assertThatThrownBy(() -> source(SHAPE).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected files that end in .shard, found none, in ");
  }

  @Test
  void classNamesOfSeveralLinesAreRefused() {
    assertThatThrownBy(
            () -> ClassNames.write(OutputStream.nullOutputStream(), List.of("a", "b\nc")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected one line without surrounding blanks, found \"b\"");
  }

  private void write(String name, Listing part, ArraySource source) throws Exception {
    try (Shard shard =
            ShardPacker.pack(
                part, ArraySource.CLASSES, SHAPE, source, new MemoryBudget(0), directory);
        OutputStream out = Files.newOutputStream(directory.resolve(name))) {
      ShardFile.write(out, shard, ArraySource.CLASSES);
    }
  }

  private ImageSource source(ImageShape shape) {
    return ImageSources.open(
        new SourceSettings(
            "shards", directory.toString(), Role.TRAIN, shape, new DecodeLimits(1, 1), null),
        new Configuration());
  }
}
