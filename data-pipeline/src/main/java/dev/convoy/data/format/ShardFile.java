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
 * <p>Big-endian throughout:
 *
 * <pre>
 * header   8 bytes magic "CNVYSHRD"; int32 version 2, height, width, channels, examples, classes
 *          int32 CRC-32C of the header
 * table    per example int32 label, int32 CRC-32C of its pixels
 *          int32 CRC-32C of header and table: the checksum of the file, which covers all of it
 * pixels   per example: height × width × channels bytes in CHW order
 * </pre>
 *
 * The header fixes the file's length, which is checked before anything is allocated.
 */
public final class ShardFile implements Closeable {
  /** How the names of shard files end. */
  public static final String EXTENSION = ".shard";

  private static final byte[] MAGIC = "CNVYSHRD".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 2;
  private static final int HEADER_BYTES = MAGIC.length + 6 * Integer.BYTES;
  private static final int ENTRY_BYTES = 2 * Integer.BYTES;
  private static final int CHECKSUM_BYTES = Integer.BYTES;

  private final RecordStream stream;
  private final Path path;
  private final ImageShape shape;
  private final int classCount;
  private final int[] labels;
  private final int[] pixelChecksums;
  private final int checksum;

  private ShardFile(
      RecordStream stream,
      Path path,
      ImageShape shape,
      int classCount,
      ByteBuffer table,
      int checksum) {
    this.stream = stream;
    this.path = path;
    this.shape = shape;
    this.classCount = classCount;
    this.labels = new int[table.capacity() / ENTRY_BYTES];
    this.pixelChecksums = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = table.getInt();
      pixelChecksums[i] = table.getInt();
    }
    this.checksum = checksum;
  }

  /** Writes all examples of {@code shard}; leaves the stream open; returns the file's checksum. */
  public static int write(OutputStream out, Shard shard, int classCount) throws IOException {
    ImageShape shape = shard.shape();
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.put(MAGIC).putInt(VERSION);
    header.putInt(shape.height()).putInt(shape.width()).putInt(shape.channels());
    header.putInt(shard.size()).putInt(classCount);
    byte[] pixels = new byte[shape.size()];
    ByteBuffer table = ByteBuffer.allocate(Math.multiplyExact(shard.size(), ENTRY_BYTES));
    for (int i = 0; i < shard.size(); i++) {
      shard.pixels(i, pixels, 0);
      table.putInt(shard.label(i)).putInt(checksum(pixels));
    }
    int checksum = checksum(header.array(), table.array());
    out.write(header.array());
    out.write(bytes(checksum(header.array())));
    out.write(table.array());
    out.write(bytes(checksum));
    for (int i = 0; i < shard.size(); i++) {
      shard.pixels(i, pixels, 0);
      out.write(pixels);
    }
    return checksum;
  }

  /** How long a file of so many examples is. */
  public static long length(ImageShape shape, int examples) {
    return pixelsStart(examples) + (long) examples * shape.size();
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

  /** How long the file is. */
  long fileBytes() {
    return stream.fileBytes();
  }

  /** The checksum that covers the whole file. */
  public int checksum() {
    return checksum;
  }

  /**
   * Reads the pixels of one example.
   *
   * @param record its number, greater than that of the last call
   * @param target as long as one image
   * @throws DataException when the pixels do not match their checksum
   */
  public void read(int record, byte[] target) throws IOException {
    stream.moveTo(pixelsStart(labels.length) + (long) record * shape.size());
    stream.readFully(target);
    requireChecksum(path, pixelChecksums[record], checksum(target));
  }

  /**
   * Reads all pixels.
   *
   * @throws DataException when some do not match their checksum
   */
  public void verify() throws IOException {
    byte[] pixels = new byte[shape.size()];
    for (int record = 0; record < labels.length; record++) {
      read(record, pixels);
    }
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
    requireChecksum(path, readInt(stream), checksum(bytes));
    ImageShape shape = shape(header, path);
    int size = header.getInt();
    int classCount = header.getInt();
    stream.requireLength(length(shape, size));
    byte[] table = new byte[Math.multiplyExact(size, ENTRY_BYTES)];
    stream.readFully(table);
    int checksum = checksum(bytes, table);
    requireChecksum(path, readInt(stream), checksum);
    ShardFile file =
        new ShardFile(stream, path, shape, classCount, ByteBuffer.wrap(table), checksum);
    file.requireLabels();
    return file;
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

  private void requireLabels() {
    for (int label : labels) {
      if (label < 0 || label >= classCount) {
        throw wrong(path, "labels below " + classCount, Integer.toString(label));
      }
    }
  }

  private static long pixelsStart(int size) {
    return HEADER_BYTES + CHECKSUM_BYTES + (long) size * ENTRY_BYTES + CHECKSUM_BYTES;
  }

  private static int readInt(RecordStream stream) throws IOException {
    byte[] stored = new byte[Integer.BYTES];
    stream.readFully(stored);
    return ByteBuffer.wrap(stored).getInt();
  }

  private static byte[] bytes(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static void requireChecksum(Path path, int expected, int found) {
    if (found != expected) {
      throw wrong(
          path,
          String.format(Locale.ROOT, "the checksum %08x", expected),
          String.format(Locale.ROOT, "%08x", found));
    }
  }

  private static int checksum(byte[]... parts) {
    CRC32C crc = new CRC32C();
    for (byte[] part : parts) {
      crc.update(part);
    }
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
            + ". Prepare the images again.");
  }
}
