package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.format.ShardManifest.ClassCount;
import dev.convoy.data.format.ShardManifest.Origin;
import dev.convoy.data.format.ShardManifest.Part;
import dev.convoy.data.image.EncodedImage;
import dev.convoy.data.shard.ArraySource;
import dev.convoy.data.shard.ChannelSums;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Quarantined;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many damaged copies of every file that images are listed and read from: each is read, or refused
 * by name. What has checksums is never read as anything but what was written. {@code
 * -Dconvoy.fuzz.records=1000000 -Dconvoy.fuzz.seed=7} tries more of them.
 */
@Timeout(3600)
class DamagedFilesTest {
  private static final int RECORDS = Integer.getInteger("convoy.fuzz.records", 10_000);
  private static final long SEED = Long.getLong("convoy.fuzz.seed", 1);
  private static final long MOST_BYTES = 32 << 20;

  /**
   * Parquet's library makes arrays as long as a header claims. A claim beyond the heap is refused,
   * what is within comes and goes.
   */
  private static final long MOST_BYTES_OF_TABLES = Runtime.getRuntime().maxMemory();

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path scratch;

  /** What was listed and read. */
  private record Content(List<String> classNames, int[] labels, List<byte[]> pixels) {
    boolean same(Content other) {
      return classNames.equals(other.classNames)
          && Arrays.equals(labels, other.labels)
          && Arrays.deepEquals(pixels.toArray(), other.pixels.toArray());
    }
  }

  @Test
  void preparedImagesAreWhatWasWrittenOrRefused() throws Exception {
    ImageShape shape = new ImageShape(3, 4, 3);
    ArraySource source = new ArraySource(11, shape);
    Listing all = source.list().listing();
    Map<String, byte[]> files = new TreeMap<>();
    List<Part> parts = new ArrayList<>();
    int[][] positions = {{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10}, {1, 2, 3, 4}};
    for (int part = 0; part < positions.length; part++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (Shard shard =
          ShardPacker.pack(
              all.select(positions[part]),
              ArraySource.CLASSES,
              StoredShape.resized(shape),
              source,
              new MemoryBudget(1 << 20),
              scratch)) {
        parts.add(
            new Part(
                ShardManifest.partName(part),
                positions[part].length,
                ShardFile.length(shard),
                ShardFile.write(out, shard, ArraySource.CLASSES, () -> {}),
                shard.statistics().channels(),
                part == 1 ? List.of(new Quarantined("a.png", "empty")) : List.of()));
      }
      files.put(ShardManifest.partName(part), out.toByteArray());
    }
    ByteArrayOutputStream manifest = new ByteArrayOutputStream();
    new ShardManifest(
            true,
            new Origin("12ab", "34cd"),
            StoredShape.resized(shape),
            List.of(new ClassCount("a", 4), new ClassCount("b", 4), new ClassCount("c", 3)),
            parts.subList(0, 3))
        .write(manifest);
    files.put(ShardManifest.FILE_NAME, manifest.toByteArray());
    SourceSettings settings = settings("shards", "/shards", shape);
    MemoryFileSystem.put("/shards", files);
    Content written = read(settings);

    Tally tally =
        damage(
            settings,
            files,
            content -> assertThat(content.same(written)).as("what is read was written").isTrue());
    assertThat(tally.refused).as("%s", tally).isGreaterThan(RECORDS / 2);
  }

  @Test
  void manifestsOfPreparedImagesAreWhatWasWrittenOrRefused() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ChannelSums sums = new ChannelSums(12, List.of(1L, 2L, 3L), List.of(4L, 1L << 40, 5L));
    ShardManifest written =
        new ShardManifest(
            true,
            new Origin("12ab", "34cd"),
            StoredShape.resized(new ImageShape(3, 4, 3)),
            List.of(new ClassCount("größer \"x\"", 4), new ClassCount("b", 1)),
            List.of(
                new Part("part-00000.shard", 4, 1234, 0x80c0ffee, sums, List.of()),
                new Part(
                    "part-00001.shard",
                    1,
                    567,
                    7,
                    sums,
                    List.of(new Quarantined("é\n.png", "empty")))));
    written.write(out);
    org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path("/a/manifest.json");
    Mutations mutations = new Mutations(SEED);
    int refused = 0;
    for (int record = 0; record < RECORDS; record++) {
      byte[] damaged = mutations.of(out.toByteArray());
      try {
        assertThat(ShardManifest.parse(damaged, file)).isEqualTo(written);
      } catch (DataException e) {
        assertThat(e).hasMessageContaining("/a/manifest.json");
        refused++;
      } catch (RuntimeException e) {
        fail("record " + record + " of seed " + SEED, e);
      }
    }
    assertThat(refused).isGreaterThan(RECORDS / 2);
  }

  @Test
  void idxFilesAreReadOrRefused() throws Exception {
    for (boolean zipped : new boolean[] {false, true}) {
      String ending = zipped ? ".gz" : "";
      Map<String, byte[]> files = new TreeMap<>();
      ByteBuffer images = ByteBuffer.allocate(16 + 9 * 20);
      images.putInt(0x0803).putInt(9).putInt(4).putInt(5);
      ByteBuffer labels = ByteBuffer.allocate(8 + 9).putInt(0x0801).putInt(9);
      for (int i = 0; i < 9; i++) {
        labels.put((byte) (i % 3));
      }
      files.put("train-images-idx3-ubyte" + ending, zipped(images.array(), zipped));
      files.put("train-labels-idx1-ubyte" + ending, zipped(labels.array(), zipped));
      Tally tally = damage(settings("idx", "/idx", new ImageShape(4, 5, 1)), files, content -> {});
      assertThat(tally.refused).as("%s", tally).isPositive();
      assertThat(tally.read).as("%s", tally).isPositive();
    }
  }

  @Test
  void cifarFilesAreReadOrRefused() throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    byte[] batch = new byte[3 * 3073];
    batch[0] = 3;
    batch[3073] = 9;
    files.put("data_batch_1.bin", batch);
    files.put(
        "batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n".getBytes(StandardCharsets.UTF_8));
    Tally tally =
        damage(
            settings("cifar10-binary", "/cifar", new ImageShape(32, 32, 3)),
            files,
            content -> assertThat(content.classNames()).hasSize(10).doesNotHaveDuplicates());
    assertThat(tally.refused).as("%s", tally).isPositive();
    assertThat(tally.read).as("%s", tally).isPositive();
  }

  @Test
  void tarFilesAreReadOrRefused() throws Exception {
    WebDatasetSourceTest.Tar tar = new WebDatasetSourceTest.Tar();
    for (int i = 0; i < 3; i++) {
      tar.add(i + ".png", EncodedImage.flatPng(4, 4, i, 2 * i, 3 * i));
      tar.add(i + (i == 1 ? ".json" : ".cls"), i == 1 ? "{\"label\": 1}" : "" + i);
    }
    Map<String, byte[]> files = new TreeMap<>();
    files.put("a.tar", tar.bytes());
    Tally tally =
        damage(settings("webdataset", "/tar", new ImageShape(4, 4, 3)), files, content -> {});
    assertThat(tally.refused).as("%s", tally).isPositive();
    assertThat(tally.read).as("%s", tally).isPositive();
  }

  /** The budget is shared out among the ways to compress; each has a library of its own. */
  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
  void tablesAreReadOrRefused(CompressionCodecName codec) throws Exception {
    Path table = scratch.resolve("a.parquet");
    ParquetSourceTest.write(
        table,
        "required binary image; required int64 label;",
        6,
        codec,
        300,
        codec == CompressionCodecName.UNCOMPRESSED,
        (group, row) ->
            group
                .append("image", Binary.fromConstantByteArray(ParquetSourceTest.flat(row)))
                .append("label", (long) row % 3));
    Map<String, byte[]> files = new TreeMap<>();
    files.put("a.parquet", Files.readAllBytes(table));
    SourceSettings settings = settings("parquet", "/table", new ImageShape(4, 4, 3));
    Tally tally = damage(settings, files, content -> {}, MOST_BYTES_OF_TABLES, RECORDS / 4);
    assertThat(tally.refused).as("%s", tally).isPositive();
    assertThat(tally.read).as("%s", tally).isPositive();
  }

  @Test
  void csvManifestsAreListedOrRefused() throws Exception {
    StringBuilder text = new StringBuilder("path,label,note\n");
    for (int i = 0; i < 12; i++) {
      text.append("images/").append(i).append(".png,\"class ").append(i % 3).append("\",é\n");
    }
    Map<String, byte[]> files = new TreeMap<>();
    files.put("images.csv", text.toString().getBytes(StandardCharsets.UTF_8));
    MemoryFileSystem.put("/csv", files);
    SourceSettings settings = settings("manifest", "/csv/images.csv", new ImageShape(4, 4, 1));
    assertThat(source(settings).list().listing().size()).isEqualTo(12);
    Mutations mutations = new Mutations(SEED);
    Tally tally = new Tally(MOST_BYTES);
    for (int record = 0; record < RECORDS; record++) {
      files.put("images.csv", mutations.of(text.toString().getBytes(StandardCharsets.UTF_8)));
      MemoryFileSystem.put("/csv", files);
      tally.count(record, "/csv/images.csv", () -> requireConsistent(source(settings).list()));
    }
    assertThat(tally.refused).as("%s", tally).isPositive();
    assertThat(tally.read).as("%s", tally).isPositive();
  }

  private interface Check {
    void accept(Content content);
  }

  /** Reads the files again and again, each time with another one of them damaged. */
  private static Tally damage(SourceSettings settings, Map<String, byte[]> files, Check check)
      throws IOException {
    return damage(settings, files, check, MOST_BYTES, RECORDS);
  }

  private static Tally damage(
      SourceSettings settings, Map<String, byte[]> files, Check check, long mostBytes, int records)
      throws IOException {
    Mutations mutations = new Mutations(SEED);
    List<String> names = List.copyOf(files.keySet());
    // What is loaded once does not count towards the first record.
    assertThat(read(settings, files).pixels()).as("read without damage").isNotEmpty();
    Tally tally = new Tally(mostBytes);
    for (int record = 0; record < records; record++) {
      Map<String, byte[]> damaged = new TreeMap<>(files);
      String name = names.get(mutations.below(names.size()));
      if (mutations.below(100) == 0) {
        damaged.put(name, files.get(names.get(mutations.below(names.size()))));
      } else if (mutations.below(100) == 0) {
        damaged.remove(name);
      } else {
        damaged.put(name, mutations.of(files.get(name)));
      }
      tally.count(record, directory(settings), () -> check.accept(read(settings, damaged)));
    }
    return tally;
  }

  /** What came of damaged files. */
  private static final class Tally {
    private final long mostBytes;
    private int read;
    private int refused;

    Tally(long mostBytes) {
      this.mostBytes = mostBytes;
    }

    void count(int record, String place, Attempt attempt) {
      long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
      try {
        attempt.run();
        read++;
      } catch (DataException e) {
        assertThat(e).hasMessageContaining(place);
        refused++;
      } catch (IOException | RuntimeException e) {
        fail("record " + record + " of seed " + SEED, e);
      }
      assertThat(THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before)
          .as("bytes allocated for record %d of seed %d", record, SEED)
          .isLessThan(mostBytes);
    }

    @Override
    public String toString() {
      return read + " read, " + refused + " refused";
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private static String directory(SourceSettings settings) {
    return settings.location().substring("memory://".length());
  }

  private static Content read(SourceSettings settings, Map<String, byte[]> files)
      throws IOException {
    MemoryFileSystem.put(directory(settings), files);
    return read(settings);
  }

  private static Content read(SourceSettings settings) throws IOException {
    ImageSource source = source(settings);
    ListedImages listed = source.list();
    requireConsistent(listed);
    Collected collected = Collected.from(source, listed.listing());
    assertThat(collected.order).hasSize(listed.listing().size());
    return new Content(
        listed.classNames(), labels(listed.listing()), List.copyOf(collected.images.values()));
  }

  private static void requireConsistent(ListedImages listed) {
    for (int label : labels(listed.listing())) {
      assertThat(label).isBetween(0, listed.classNames().size() - 1);
    }
  }

  private static int[] labels(Listing listing) {
    int[] labels = new int[listing.size()];
    Arrays.setAll(labels, listing::label);
    return labels;
  }

  private static byte[] zipped(byte[] content, boolean zipped) throws IOException {
    if (!zipped) {
      return content;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static SourceSettings settings(String format, String location, ImageShape shape) {
    return new SourceSettings(
        format,
        "memory://" + location,
        Role.TRAIN,
        StoredShape.resized(shape),
        new DecodeLimits(1000, 1000),
        TableColumns.USUAL,
        null);
  }

  private static ImageSource source(SourceSettings settings) {
    return ImageSources.open(settings, MemoryFileSystem.configuration());
  }
}
