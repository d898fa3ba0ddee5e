package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.Text;
import dev.convoy.data.shard.Shard;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The file that holds a shard's decoded examples for later runs, open for reading forwards.
 *
 * <p>Big-endian throughout:
 *
 * <pre>
 * header   8 bytes magic "CNVYSHRD"; int32 version 4, channels, examples, classes
 *          int32 CRC-32C of the header
 * table    per example int32 label, float32 weight, uint16 height, uint16 width,
 *          int32 CRC-32C of its pixels
 *          int32 CRC-32C of header and table: the checksum of the file, which covers all of it
 * pixels   per example: height × width × channels bytes in CHW order
 * </pre>
 *
 * The header fixes the table's length, and the table the file's; both are checked before anything
 * is allocated.
 */
public final class ShardFile implements Closeable {
  /** How the names of shard files end. */
  public static final String EXTENSION = ".shard";

  private static final byte[] MAGIC = "CNVYSHRD".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 4;
  private static final int HEADER_BYTES = MAGIC.length + 4 * Integer.BYTES;
  private static final int ENTRY_BYTES = 4 * Integer.BYTES;
  private static final int CHECKSUM_BYTES = Integer.BYTES;

  private final RecordStream stream;
  private final Path path;
  private final int classCount;
  private final int[] labels;
  private final float[] weights;
  private final ImageShape[] shapes;

  /** For every example where its pixels begin, and the end of the last. */
  private final long[] starts;

  private final int[] pixelChecksums;
  private final int checksum;

  private ShardFile(
      RecordStream stream,
      Path path,
      int channels,
      int classCount,
      ByteBuffer table,
      int checksum) {
    this.stream = stream;
    this.path = path;
    this.classCount = classCount;
    this.labels = new int[table.capacity() / ENTRY_BYTES];
    this.weights = new float[labels.length];
    this.shapes = new ImageShape[labels.length];
    this.starts = new long[labels.length + 1];
    this.pixelChecksums = new int[labels.length];
    starts[0] = pixelsStart(labels.length);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = table.getInt();
      weights[i] = table.getFloat();
      shapes[i] = shape(table.getShort() & 0xffff, table.getShort() & 0xffff, channels, path);
      starts[i + 1] = starts[i] + shapes[i].size();
      pixelChecksums[i] = table.getInt();
    }
    this.checksum = checksum;
  }

  /**
   * Writes all examples of {@code shard}; leaves the stream open; returns the file's checksum.
   *
   * @param written run after each example
   */
  public static int write(OutputStream out, Shard shard, int classCount, Runnable written)
      throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.put(MAGIC).putInt(VERSION);
    header.putInt(shard.input().channels()).putInt(shard.size()).putInt(classCount);
    ByteBuffer table = ByteBuffer.allocate(Math.multiplyExact(shard.size(), ENTRY_BYTES));
    for (int i = 0; i < shard.size(); i++) {
      ImageShape shape = shard.shape(i);
      table.putInt(shard.label(i)).putFloat(shard.weight(i));
      table.putShort((short) shape.height()).putShort((short) shape.width());
      table.putInt(checksum(pixels(shard, i)));
    }
    int checksum = checksum(header.array(), table.array());
    out.write(header.array());
    out.write(bytes(checksum(header.array())));
    out.write(table.array());
    out.write(bytes(checksum));
    for (int i = 0; i < shard.size(); i++) {
      out.write(pixels(shard, i));
      written.run();
    }
    return checksum;
  }

  private static byte[] pixels(Shard shard, int i) {
    byte[] pixels = new byte[shard.shape(i).size()];
    shard.pixels(i, pixels, 0);
    return pixels;
  }

  /** How long the file of a shard is. */
  public static long length(Shard shard) {
    return pixelsStart(shard.size()) + shard.pixelBytes();
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

  /** The shape of an example. */
  public ImageShape shape(int record) {
    return shapes[record];
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

  /** A copy of the weights. */
  float[] weights() {
    return weights.clone();
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
   * Reads one example.
   *
   * @param record its number, greater than that of the last call
   * @throws DataException when the pixels do not match their checksum
   */
  public Picture read(int record) throws IOException {
    byte[] pixels = new byte[shapes[record].size()];
    stream.moveTo(starts[record]);
    stream.readFully(pixels);
    requireChecksum(path, pixelChecksums[record], checksum(pixels));
    return new Picture(shapes[record], pixels);
  }

  /**
   * Reads all pixels.
   *
   * @throws DataException when some do not match their checksum
   */
  public void verify() throws IOException {
    for (int record = 0; record < labels.length; record++) {
      read(record);
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
    int channels = header.getInt();
    int size = header.getInt();
    int classCount = header.getInt();
    if (size < 0 || pixelsStart(size) > stream.fileBytes()) {
      throw wrong(
          path, "at least " + pixelsStart(size) + " bytes", Long.toString(stream.fileBytes()));
    }
    byte[] table = new byte[Math.multiplyExact(size, ENTRY_BYTES)];
    stream.readFully(table);
    int checksum = checksum(bytes, table);
    requireChecksum(path, readInt(stream), checksum);
    ShardFile file =
        new ShardFile(stream, path, channels, classCount, ByteBuffer.wrap(table), checksum);
    stream.requireLength(file.starts[size]);
    file.requireLabelsAndWeights();
    return file;
  }

  private static ImageShape shape(int height, int width, int channels, Path path) {
    try {
      return new ImageShape(height, width, channels);
    } catch (IllegalArgumentException e) {
      throw DataException.cannot(
          "read a shard file", "a shape", e.getMessage(), path, "Prepare the images again.", e);
    }
  }

  private void requireLabelsAndWeights() {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classCount) {
        throw wrong(path, "labels below " + classCount, Integer.toString(labels[i]));
      }
      if (!(weights[i] >= 0 && Float.isFinite(weights[i]))) {
        throw wrong(path, "weights of at least 0", Float.toString(weights[i]));
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
      throw wrong(path, Text.of("the checksum %08x", expected), Text.of("%08x", found));
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
    return DataException.cannot(
        "read a shard file", expected, found, path, "Prepare the images again.");
  }
}
