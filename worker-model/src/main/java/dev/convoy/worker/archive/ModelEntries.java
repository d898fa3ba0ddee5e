package dev.convoy.worker.archive;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The entries of a model.zip, in the order in which they are there.
 *
 * <p>Files come from anywhere. An entry that is not expected is refused by its name, before it is
 * inflated; Java objects are refused wherever they are; and what inflates beyond all reason is
 * refused when that shows. Nothing is written anywhere, so that a name that leads out of a folder
 * leads nowhere.
 */
final class ModelEntries {
  /** What Deeplearning4j adds, and is not needed here. */
  private static final Set<String> PASSED_OVER = Set.of("updaterState.bin", "normalizer.bin");

  private static final Set<String> PASSED_OVER_AT_THE_END =
      Set.of("updaterState.bin", "normalizer.bin", ModelArchive.CARD);

  /** Where Deeplearning4j keeps Java objects. */
  private static final String PREPROCESSOR = "preprocessor.bin";

  private static final String OBJECTS = "objects/";

  /** What a Java object begins with. */
  private static final short JAVA_OBJECT = (short) 0xaced;

  /** Bytes that any entry may inflate to; parameters themselves hardly shrink. */
  private static final long ALWAYS_ALLOWED = 64L << 20;

  private static final int MOST_INFLATION = 200;
  private static final int SKIPPED_AT_ONCE = 1 << 13;

  private final Counted file;
  private final ZipInputStream zip;
  private final String name;
  private final String writer;

  /**
   * Those of a file.
   *
   * @param in the file; stays open
   * @param name of the file, for messages
   * @param writer who writes such files, likewise
   */
  ModelEntries(InputStream in, String name, String writer) {
    this.file = new Counted(in);
    this.zip = new ZipInputStream(file);
    this.name = name;
    this.writer = writer;
  }

  /**
   * The content of the next entry, which must have that name.
   *
   * @throws DataException if there is none, or one before it that has no place in a model
   */
  InputStream next(String expected) throws IOException {
    String found = nextName(PASSED_OVER);
    if (!found.equals(expected)) {
      throw unreadable("found no entry " + expected, null);
    }
    return new Content(expected);
  }

  /**
   * Looks at what follows the last entry that was needed.
   *
   * @throws DataException if that has no place in a model
   */
  void requireEnd() throws IOException {
    String more = nextName(PASSED_OVER_AT_THE_END);
    if (!more.isEmpty()) {
      throw unreadable("found a second entry " + more, null);
    }
  }

  /** The name of the next entry that is one of a model's; empty at the end. */
  private String nextName(Set<String> passedOver) throws IOException {
    ZipEntry entry = zip.getNextEntry();
    while (entry != null && passedOver.contains(entry.getName())) {
      passOver(entry.getName());
      entry = zip.getNextEntry();
    }
    if (entry == null) {
      return "";
    }
    String found = Text.printable(entry.getName());
    if (!ModelArchive.ENTRIES.contains(found)) {
      boolean isObject = found.equals(PREPROCESSOR) || found.startsWith(OBJECTS);
      throw unreadable(
          isObject ? javaObject(found) : "found an entry that has no place in it, " + found, null);
    }
    return found;
  }

  private void passOver(String entry) throws IOException {
    try (InputStream content = new Content(entry)) {
      byte[] start = content.readNBytes(2);
      if (start.length == 2 && ByteBuffer.wrap(start).getShort() == JAVA_OBJECT) {
        throw unreadable(javaObject(entry), null);
      }
      byte[] skipped = new byte[SKIPPED_AT_ONCE];
      int read;
      do {
        read = content.read(skipped);
      } while (read >= 0);
    }
  }

  private static String javaObject(String entry) {
    return "found a Java object in it, "
        + entry
        + ", which could run any code and is never read; remove that entry, as \"zip -d\" does";
  }

  /** What to say of a file that cannot be read. */
  DataException unreadable(String found, Throwable cause) {
    return new DataException(
        "Cannot read the model "
            + name
            + ": expected a model.zip that "
            + writer
            + " wrote, "
            + found
            + ".",
        cause);
  }

  /** The bytes of the current entry; to close it does nothing. */
  private final class Content extends InputStream {
    private final String entry;
    private final long before = file.bytes;
    private long inflated;

    Content(String entry) {
      this.entry = entry;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = zip.read(target, offset, length);
      inflated += Math.max(0, read);
      if (inflated > ALWAYS_ALLOWED && inflated / MOST_INFLATION > file.bytes - before) {
        throw unreadable(
            "found "
                + entry
                + ", which inflates to more than "
                + MOST_INFLATION
                + " times what it takes in the file",
            null);
      }
      return read;
    }
  }

  /** Counts what was read of the file. */
  private static final class Counted extends FilterInputStream {
    private long bytes;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      bytes += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      bytes += Math.max(0, read);
      return read;
    }
  }
}
