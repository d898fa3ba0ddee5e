package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.shard.Shard;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The file that holds a shard's decoded examples for later runs, open for reading forwards.
 *
 * <p>Big-endian throughout, every part followed by its CRC-32C:
 *
 * <pre>
 * header   8 bytes magic "CNVYSHRD"; int32 version 1, height, width, channels, examples, classes
 * labels   one int32 per example
 * pixels   per example: height × width × channels bytes in CHW order, with a CRC of its own
 * </pre>
 *
 * The header fixes the file's length, which is checked before anything is allocated.
 */
public final class ShardFile implements Closeable {
  /** How the names of shard files end. */
  public static final String EXTENSION = ".shard";

  private static final byte[] MAGIC = "CNVYSHRD".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = MAGIC.length + 6 * Integer.BYTES;
  private static final int CHECKSUM_BYTES = Integer.BYTES;

  private final RecordStream stream;
  private final Path path;
  private final ImageShape shape;
  private final int classCount;
  private final int[] labels;

  private ShardFile(
      RecordStream stream, Path path, ImageShape shape, int classCount, int[] labels) {
    this.stream = stream;
    this.path = path;
    this.shape = shape;
    this.classCount = classCount;
    this.labels = labels;
  }

  /** Writes all examples of {@code shard}; leaves the stream open. */
  public static void write(OutputStream out, Shard shard, int classCount) throws IOException {
    ImageShape shape = shard.shape();
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.put(MAGIC).putInt(VERSION);
    header.putInt(shape.height()).putInt(shape.width()).putInt(shape.channels());
    header.putInt(shard.size()).putInt(classCount);
    writeChecked(out, header.array());
    ByteBuffer labels = ByteBuffer.allocate(Math.multiplyExact(shard.size(), Integer.BYTES));
    for (int i = 0; i < shard.size(); i++) {
      labels.putInt(shard.label(i));
    }
    writeChecked(out, labels.array());
    byte[] pixels = new byte[shape.size()];
    for (int i = 0; i < shard.size(); i++) {
      shard.pixels(i, pixels, 0);
      writeChecked(out, pixels);
    }
  }

  /**
   * Opens a file and reads its header and labels.
   *
   * @throws DataException when the file is missing, of another format, cut off or damaged
   */
  public static ShardFile open(Path path, Configuration hadoop) throws IOException {
    RecordStream stream = RecordStream.open("a shard file", path, hadoop);
    boolean opened = false;
    try {
      ShardFile file = readHeader(stream, path);
      opened = true;
      return file;
    } finally {
      if (!opened) {
        stream.close();
      }
    }
  }

  /** The shape of every example. */
  public ImageShape shape() {
    return shape;
  }

  /** How many examples there are. */
  public int size() {
    return labels.length;
  }

  /** All labels are below this. */
  public int classCount() {
    return classCount;
  }

  /** A copy of the labels. */
  public int[] labels() {
    return labels.clone();
  }

  /**
   * Reads the pixels of one example.
   *
   * @param record its number, greater than that of the last call
   * @param target as long as one image
   * @throws DataException when the pixels do not match their checksum
   */
  public void read(int record, byte[] target) throws IOException {
    long recordBytes = (long) shape.size() + CHECKSUM_BYTES;
    stream.moveTo(pixelsStart(labels.length) + record * recordBytes);
    readChecked(stream, path, target);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private static ShardFile readHeader(RecordStream stream, Path path) throws IOException {
    byte[] bytes = new byte[HEADER_BYTES];
    stream.readFully(bytes);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    byte[] magic = new byte[MAGIC.length];
    header.get(magic);
    int version = header.getInt();
    if (!Arrays.equals(magic, MAGIC) || version != VERSION) {
      throw wrong(
          path,
          "format version " + VERSION,
          Arrays.equals(magic, MAGIC) ? "version " + version : "another format");
    }
    requireChecksum(stream, path, bytes);
    ImageShape shape = shape(header, path);
    int size = header.getInt();
    int classCount = header.getInt();
    long recordBytes = (long) shape.size() + CHECKSUM_BYTES;
    stream.requireLength(pixelsStart(size) + size * recordBytes);
    return new ShardFile(
        stream, path, shape, classCount, readLabels(stream, path, size, classCount));
  }

  private static ImageShape shape(ByteBuffer header, Path path) {
    try {
      return new ImageShape(header.getInt(), header.getInt(), header.getInt());
    } catch (IllegalArgumentException e) {
      DataException wrong = wrong(path, "a shape", "none (" + e.getMessage() + ")");
      wrong.initCause(e);
      throw wrong;
    }
  }

  private static int[] readLabels(RecordStream stream, Path path, int size, int classCount)
      throws IOException {
    byte[] bytes = new byte[Math.multiplyExact(size, Integer.BYTES)];
    readChecked(stream, path, bytes);
    int[] labels = new int[size];
    ByteBuffer.wrap(bytes).asIntBuffer().get(labels);
    for (int label : labels) {
      if (label < 0 || label >= classCount) {
        throw wrong(path, "labels below " + classCount, Integer.toString(label));
      }
    }
    return labels;
  }

  private static long pixelsStart(int size) {
    return HEADER_BYTES + CHECKSUM_BYTES + (long) size * Integer.BYTES + CHECKSUM_BYTES;
  }

  private static void writeChecked(OutputStream out, byte[] bytes) throws IOException {
    out.write(bytes);
    out.write(ByteBuffer.allocate(CHECKSUM_BYTES).putInt(checksum(bytes)).array());
  }

  private static void readChecked(RecordStream stream, Path path, byte[] target)
      throws IOException {
    stream.readFully(target);
    requireChecksum(stream, path, target);
  }

  private static void requireChecksum(RecordStream stream, Path path, byte[] bytes)
      throws IOException {
    byte[] stored = new byte[CHECKSUM_BYTES];
    stream.readFully(stored);
    int expected = ByteBuffer.wrap(stored).getInt();
    int found = checksum(bytes);
    if (found != expected) {
      throw wrong(
          path,
          String.format(Locale.ROOT, "the checksum %08x", expected),
          String.format(Locale.ROOT, "%08x", found));
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static DataException wrong(Path path, String expected, String found) {
    return new DataException(
        "Cannot read a shard file: expected "
            + expected
            + ", found "
            + found
            + ", in "
            + path
            + ". Prepare the data again.");
  }
}
