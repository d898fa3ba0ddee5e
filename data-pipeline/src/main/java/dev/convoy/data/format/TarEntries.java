package dev.convoy.data.format;

import dev.convoy.data.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The files in an uncompressed tar file, of any of its formats, without their contents, which are
 * skipped over. What a header claims is checked against its checksum and the length of the tar.
 *
 * <p>Apache Commons Compress, as Spark brings it, takes any time for some times of change
 * (CVE-2023-42503), and does not tell where a file begins.
 */
final class TarEntries implements Closeable {
  private static final String WHAT = "a tar file";
  private static final int BLOCK_BYTES = 512;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int MOST_NAME_BYTES = 1 << 16;

  private final Path path;
  private final RecordStream stream;
  private long next;

  private TarEntries(Path path, RecordStream stream) {
    this.path = path;
    this.stream = stream;
  }

  /**
   * One file.
   *
   * @param name with its folders
   * @param block of the tar, of 512 bytes, that is its header
   * @param bytes how long it is
   */
  record Entry(String name, int block, long bytes) {}

  static TarEntries open(Path path, Configuration hadoop) throws IOException {
    return new TarEntries(path, RecordStream.open(WHAT, path, hadoop));
  }

  /** The next file; empty at the end. */
  Optional<Entry> next() throws IOException {
    String longName = null;
    while (next < stream.fileBytes()) {
      byte[] header = block(next);
      if (isZero(header)) {
        return Optional.empty();
      }
      long at = next;
      long bytes = size(header, at);
      long content = at + BLOCK_BYTES;
      if (at / BLOCK_BYTES > Integer.MAX_VALUE) {
        throw wrong("at most 1 TiB", "more", at);
      }
      next = Math.addExact(content, (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
      switch (header[156]) {
        case 'L' -> longName = text(content(content, bytes), 0, (int) bytes);
        case 'x' -> longName = nameOfPax(content(content, bytes), longName);
        case 0, '0', '7' -> {
          String name = longName == null ? name(header) : longName;
          return Optional.of(new Entry(name, (int) (at / BLOCK_BYTES), bytes));
        }
        default -> longName = null; // a folder, a link, or a note to all that follows
      }
    }
    return Optional.empty();
  }

  /** The content of the last file, which is at most so long. */
  byte[] content(Entry entry) throws IOException {
    byte[] content = new byte[Math.toIntExact(entry.bytes)];
    stream.moveTo((long) entry.block * BLOCK_BYTES + BLOCK_BYTES);
    stream.readFully(content);
    return content;
  }

  /** The file whose header is a block, which is not before that of an earlier call. */
  Entry at(int block) throws IOException {
    long at = (long) block * BLOCK_BYTES;
    byte[] header = block(at);
    return new Entry(name(header), block, size(header, at));
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private byte[] block(long at) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    stream.moveTo(at);
    stream.readFully(block);
    if (isZero(block)) {
      return block;
    }
    long sum = CHECKSUM_BYTES * ' ';
    for (int i = 0; i < BLOCK_BYTES; i++) {
      boolean ofChecksum = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
      sum += ofChecksum ? 0 : block[i] & 0xff;
    }
    if (octal(block, CHECKSUM_AT, CHECKSUM_BYTES) != sum) {
      throw wrong("a header with its checksum", "another", at);
    }
    return block;
  }

  private byte[] content(long at, long bytes) throws IOException {
    if (bytes > MOST_NAME_BYTES) {
      throw wrong("a name of at most " + MOST_NAME_BYTES + " bytes", bytes + " bytes", at);
    }
    byte[] content = new byte[(int) bytes];
    stream.moveTo(at);
    stream.readFully(content);
    return content;
  }

  /** What extended headers call the file that follows: records of {@code length key=value\n}. */
  private String nameOfPax(byte[] records, String otherwise) {
    String name = otherwise;
    int at = 0;
    while (at < records.length) {
      int space = at;
      int length = 0;
      while (space < records.length && records[space] >= '0' && records[space] <= '9') {
        length = Math.min(MOST_NAME_BYTES, 10 * length + records[space++] - '0');
      }
      if (length <= space - at + 1 || at + length > records.length) {
        throw wrong("records in an extended header", "others", next);
      }
      String record =
          new String(records, space + 1, at + length - space - 2, StandardCharsets.UTF_8);
      if (record.startsWith("path=")) {
        name = record.substring("path=".length());
      } else if (record.startsWith("size=")) {
        throw wrong("files of less than 8 GiB", record, next);
      }
      at += length;
    }
    return name;
  }

  /** How long the file is whose header stands there; the last block may be cut short. */
  private long size(byte[] header, long at) {
    long bytes = octal(header, 124, 12);
    // Written so that no sum overflows.
    if (bytes > stream.fileBytes() - (at + BLOCK_BYTES)) {
      throw wrong("a content of " + bytes + " bytes", "fewer", at);
    }
    return bytes;
  }

  /** A number; a set upper bit, which says that it is too large for its digits, is refused. */
  private long octal(byte[] header, int start, int length) {
    long value = 0;
    boolean digits = false;
    for (int i = start; i < start + length; i++) {
      byte digit = header[i];
      if (digit >= '0' && digit <= '7') {
        value = 8 * value + digit - '0';
        digits = true;
      } else if ((digit != ' ' && digit != 0) || (digits && hasDigits(header, i, start + length))) {
        throw wrong("an octal number", "other characters", next);
      } else if (digits) {
        return value;
      }
    }
    return value;
  }

  private static boolean hasDigits(byte[] header, int from, int to) {
    for (int i = from; i < to; i++) {
      if (header[i] != ' ' && header[i] != 0) {
        return true;
      }
    }
    return false;
  }

  private static String name(byte[] header) {
    String name = text(header, 0, 100);
    boolean prefixed = text(header, 257, 6).equals("ustar") && header[345] != 0;
    return prefixed ? text(header, 345, 155) + "/" + name : name;
  }

  private static String text(byte[] bytes, int start, int most) {
    int end = start;
    while (end < start + most && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  private static boolean isZero(byte[] block) {
    for (byte value : block) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private DataException wrong(String expected, String found, long at) {
    return DataException.cannot(
        "read " + WHAT, expected, found + " at byte " + at, path, "Fetch or pack the file again.");
  }
}
