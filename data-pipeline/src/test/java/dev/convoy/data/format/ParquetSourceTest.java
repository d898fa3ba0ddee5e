package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.EncodedImage;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParquetSourceTest {
  private static final ImageShape SHAPE = new ImageShape(4, 4, 3);
  private static final String USUAL = "required binary image; required int64 label;";

  @TempDir private Path directory;

  /** Writes rows; a row group has at most {@code rowGroupBytes} or a few. */
  static void write(
      Path file,
      String columns,
      int rows,
      CompressionCodecName codec,
      long rowGroupBytes,
      BiConsumer<Group, Integer> fill)
      throws Exception {
    write(file, columns, rows, codec, rowGroupBytes, true, fill);
  }

  /** The same; without checksums, damage to a page reaches what decompresses it. */
  static void write(
      Path file,
      String columns,
      int rows,
      CompressionCodecName codec,
      long rowGroupBytes,
      boolean checksums,
      BiConsumer<Group, Integer> fill)
      throws Exception {
    var schema = MessageTypeParser.parseMessageType("message table {" + columns + "}");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withCompressionCodec(codec)
            .withRowGroupSize(rowGroupBytes)
            .withPageSize(200)
            .withMinRowCountForPageSizeCheck(1)
            .withPageWriteChecksumEnabled(checksums)
            .build()) {
      for (int row = 0; row < rows; row++) {
        Group group = new SimpleGroup(schema);
        fill.accept(group, row);
        writer.write(group);
      }
    }
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  @ParameterizedTest
  @CsvSource({
    "UNCOMPRESSED, 100000",
    "UNCOMPRESSED, 1",
    "GZIP, 100000",
    "GZIP, 1",
    "SNAPPY, 1000",
    "ZSTD, 1000"
  })
  void rowsAreImagesWithTheirClasses(CompressionCodecName codec, long rowGroupBytes)
      throws Exception {
    write("a.parquet", USUAL, 250, codec, rowGroupBytes, row -> row % 3 + 9);
    write("b.parquet", USUAL, 7, codec, rowGroupBytes, row -> 2);
    Files.write(directory.resolve("_SUCCESS"), new byte[0]);

    ListedImages listed = source().list();

    assertThat(listed.classNames()).as("as numbers").containsExactly("2", "9", "10", "11");
    Listing listing = listed.listing();
    assertThat(listing.size()).isEqualTo(257);
    assertThat(Collected.found(source())).hasSize(257).containsOnly(1);
    assertThat(listing.location(3)).endsWith("a.parquet#3");
    assertThat(listing.location(251)).endsWith("b.parquet#1");
    for (int row = 0; row < 257; row++) {
      assertThat(listing.label(row)).isEqualTo(row < 250 ? row % 3 + 1 : 0);
    }
    requireImages(listing, IntStream.range(0, 257).toArray());
    requireImages(listing, 0, 5, 6, 249, 250, 256);
    requireImages(listing, 199);
    assertThat(ImageSources.formatOf(settings("auto", TableColumns.USUAL), new Configuration()))
        .contains("parquet");
  }

  private void requireImages(Listing listing, int... positions) throws Exception {
    Collected collected = Collected.from(source(), listing.select(positions));
    for (int i = 0; i < positions.length; i++) {
      byte[] expected = new byte[SHAPE.size()];
      Arrays.fill(expected, (byte) listing.record(positions[i]));
      assertThat(collected.images.get(i)).isEqualTo(expected);
    }
  }

  @Test
  void nestedImagesAndClassesInWordsAreFound() throws Exception {
    write(
        directory.resolve("train.parquet"),
        "optional group image { optional binary bytes; optional binary path (STRING); }"
            + " optional binary category (STRING);",
        4,
        CompressionCodecName.UNCOMPRESSED,
        1000,
        (group, row) -> {
          if (row != 2) {
            group.addGroup("image").add("bytes", Binary.fromConstantByteArray(flat(row)));
          }
          group.add("category", row == 0 ? "zebra" : "ant");
        });

    ListedImages listed = source().list();

    assertThat(listed.classNames()).containsExactly("ant", "zebra");
    Collected collected = Collected.from(source(), listed.listing());
    assertThat(collected.images).containsOnlyKeys(0, 1, 3);
    assertThat(collected.rejections).hasSize(1).containsEntry(2, "the file is empty");
  }

  /** The columns of Spark's {@code binaryFile}. */
  @Test
  void ofAPathTheFolderIsTheClass() throws Exception {
    write(
        directory.resolve("files.parquet"),
        "required binary path (STRING); required int96 modificationTime; required int64 length;"
            + " required binary content;",
        3,
        CompressionCodecName.UNCOMPRESSED,
        1000,
        (group, row) ->
            group
                .append("path", "hdfs://host/pets/" + (row == 1 ? "cat" : "dog") + "/1.png")
                .append("modificationTime", Binary.fromConstantByteArray(new byte[12]))
                .append("length", 100L)
                .append("content", Binary.fromConstantByteArray(flat(row))));

    ListedImages listed = source().list();

    assertThat(listed.classNames()).containsExactly("cat", "dog");
    assertThat(IntStream.range(0, 3).map(listed.listing()::label)).containsExactly(1, 0, 1);
    requireImages(listed.listing(), 0, 1, 2);
  }

  @Test
  void columnsCanBeNamed() throws Exception {
    write(
        directory.resolve("t.parquet"),
        "required binary picture; required int32 coarse; required int64 label;",
        2,
        CompressionCodecName.UNCOMPRESSED,
        1000,
        (group, row) ->
            group
                .append("picture", Binary.fromConstantByteArray(flat(row)))
                .append("coarse", 7)
                .append("label", 3L));

    assertThat(source(new TableColumns("picture", "coarse")).list().classNames())
        .containsExactly("7");
    assertThat(source(new TableColumns("picture", null)).list().classNames()).containsExactly("3");
    assertThatThrownBy(source()::list)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot read a Parquet table: expected a binary column of images, found the columns"
                + " picture, coarse, label, in ")
        .hasMessageEndingWith("t.parquet. Name it with data.columns.image.");
    assertThatThrownBy(source(new TableColumns("picture", "fine"))::list)
        .hasMessageContaining("expected a column of texts or whole numbers for the class")
        .hasMessageEndingWith("Name it with data.columns.label.");
  }

  /** The first of them might be the wrong one. */
  @Test
  void severalColumnsThatFitAreRefusedUntilOneIsNamed() throws Exception {
    write(
        directory.resolve("t.parquet"),
        "required binary image; required binary content; required int64 label;"
            + " required int64 Target;",
        2,
        CompressionCodecName.UNCOMPRESSED,
        1000,
        (group, row) -> {
          group.add("image", Binary.fromConstantByteArray(flat(row)));
          group.add("content", Binary.fromConstantByteArray(flat(row)));
          group.add("label", 3L);
          group.add("Target", 7L);
        });

    assertThatThrownBy(source()::list)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot read a Parquet table: expected one column of images, found the columns image,"
                + " content, in ")
        .hasMessageEndingWith("t.parquet. Name it with data.columns.image.");
    assertThatThrownBy(source(new TableColumns("image", null))::list)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected one column for the class, found the columns label, Target")
        .hasMessageEndingWith("Name it with data.columns.label.");
    assertThat(source(new TableColumns("image", "Target")).list().classNames())
        .containsExactly("7");
  }

  @Test
  void rowsWithoutAClassAreRefused() throws Exception {
    write(
        directory.resolve("t.parquet"),
        "required binary image; optional binary label (STRING);",
        2,
        CompressionCodecName.UNCOMPRESSED,
        1000,
        (group, row) -> {
          group.add("image", Binary.fromConstantByteArray(flat(row)));
          if (row == 0) {
            group.add("label", "a");
          }
        });

    assertThatThrownBy(source()::list)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a class of one line, found none, in ")
        .hasMessageEndingWith("t.parquet#1. Correct the row.");
  }

  @Test
  void whatIsNoTableIsRefused() throws Exception {
    Path file = directory.resolve("t.parquet");
    Files.write(file, new byte[1000]);
    assertThatThrownBy(source()::list)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot read a Parquet table: expected a whole Parquet file, found ")
        .hasMessageEndingWith("t.parquet. Write it again.");

    Files.delete(file);
    assertThatThrownBy(source()::list)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected files named *.parquet, found none");
  }

  @Test
  void rowGroupsBeyondMemoryAreRefused() throws Exception {
    write("t.parquet", USUAL, 100, CompressionCodecName.UNCOMPRESSED, 1 << 20, row -> 1);

    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(directory.resolve("t.parquet").toUri());
    try (ParquetTable table = new ParquetTable(file, new Configuration(), 1000)) {
      ParquetColumns columns = ParquetColumns.of(table.schema(), TableColumns.USUAL, file);
      assertThatThrownBy(() -> table.read(columns.image()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected row groups of at most 0 MiB")
          .hasMessageContaining("parquet.block.size");
    }
  }

  @Test
  void tablesOfSeveralUsesInOneDirectoryAreRefused() throws Exception {
    write("train-00000-of-00001.parquet", USUAL, 2, CompressionCodecName.GZIP, 1000, row -> row);
    assertThat(source().list().listing().size()).isEqualTo(2);
    write("test-00000-of-00001.parquet", USUAL, 2, CompressionCodecName.GZIP, 1000, row -> row);

    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "expected files of one use, found test-00000-of-00001.parquet and"
                + " train-00000-of-00001.parquet, named for what images are used for, in ")
        .hasMessageEndingWith(
            ". Move the files of each use into a folder of their own, and name that.");
  }

  private void write(
      String name,
      String columns,
      int rows,
      CompressionCodecName codec,
      long rowGroupBytes,
      java.util.function.IntUnaryOperator label)
      throws Exception {
    write(
        directory.resolve(name),
        columns,
        rows,
        codec,
        rowGroupBytes,
        (group, row) ->
            group
                .append("image", Binary.fromConstantByteArray(flat(row)))
                .append("label", (long) label.applyAsInt(row)));
  }

  static byte[] flat(int value) {
    try {
      return EncodedImage.flatPng(4, 4, value, value, value);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private ImageSource source() {
    return source(TableColumns.USUAL);
  }

  private ImageSource source(TableColumns columns) {
    return ImageSources.open(settings("parquet", columns), new Configuration());
  }

  private SourceSettings settings(String format, TableColumns columns) {
    return new SourceSettings(
        format,
        directory.toString(),
        Role.TRAIN,
        StoredShape.resized(SHAPE),
        new DecodeLimits(1000, 1000),
        columns,
        null);
  }
}
