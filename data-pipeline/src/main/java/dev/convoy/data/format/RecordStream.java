package dev.convoy.data.format;

import dev.convoy.data.DataException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.security.AccessControlException;

/**
 * A container file, gzipped or not, that is read forwards: records are skipped over where wanted.
 * An end that comes too early and broken compression become {@link DataException}s that name the
 * file; other failures stay {@link IOException}s.
 */
public final class RecordStream implements Closeable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final String what;
  private final Path path;
  private final InputStream in;
  private final long fileBytes;
  private final boolean zipped;
  private long position;

  private RecordStream(String what, Path path, InputStream in, long fileBytes, boolean zipped) {
    this.what = what;
    this.path = path;
    this.in = in;
    this.fileBytes = fileBytes;
    this.zipped = zipped;
  }

  /**
   * Opens a file; one whose name ends in {@code .gz} is unzipped.
   *
   * @param what what the file holds, for messages: {@code IDX images}
   */
  public static RecordStream open(String what, Path path, Configuration hadoop) throws IOException {
    boolean zipped = path.getName().toLowerCase(Locale.ROOT).endsWith(".gz");
    FileSystem files = Locations.fileSystem(what, path, hadoop);
    try {
      long fileBytes = files.getFileStatus(path).getLen();
      InputStream raw = files.open(path, BUFFER_BYTES);
      InputStream in = zipped ? unzipped(what, path, raw) : raw;
      return new RecordStream(what, path, in, fileBytes, zipped);
    } catch (FileNotFoundException | AccessControlException | AccessDeniedException e) {
      throw Locations.unreachable(what, "a file", path, e);
    }
  }

  /** Closes {@code raw} if it fails. */
  private static InputStream unzipped(String what, Path path, InputStream raw) throws IOException {
    boolean begun = false;
    try {
      InputStream in = new GZIPInputStream(raw, BUFFER_BYTES);
      begun = true;
      return in;
    } catch (EOFException | ZipException e) {
      throw DataException.cannot(
          "read " + what, "gzip data", "other bytes", path, "Fetch the file again.", e);
    } finally {
      if (!begun) {
        raw.close();
      }
    }
  }

  /** Fills {@code target} with the next bytes. */
  public void readFully(byte[] target) throws IOException {
    try {
      int read = in.readNBytes(target, 0, target.length);
      position += read;
      if (read < target.length) {
        throw tooShort(position - read + target.length, null);
      }
    } catch (EOFException | ZipException e) {
      throw tooShort(position + target.length, e);
    }
  }

  /**
   * Reads all that is left, which must end at offset {@code end} of the unzipped content. Memory
   * grows with what is there, not with what is expected.
   */
  public byte[] readToEnd(long end) throws IOException {
    try {
      byte[] bytes = in.readNBytes((int) (end - position));
      position += bytes.length;
      if (position < end) {
        throw tooShort(end, null);
      }
      requireEqual(end, "more", in.read() < 0);
      return bytes;
    } catch (EOFException | ZipException e) {
      throw tooShort(end, e);
    }
  }

  /** Goes forwards to {@code offset}, counted from the start of the unzipped content. */
  public void moveTo(long offset) throws IOException {
    if (offset < position) {
      throw new IllegalArgumentException(
          "Cannot read " + what + " backwards, from " + position + " to " + offset + ".");
    }
    try {
      if (in instanceof Seekable seekable) {
        if (offset > fileBytes) {
          throw tooShort(offset, null);
        }
        seekable.seek(offset);
      } else {
        in.skipNBytes(offset - position);
      }
      position = offset;
    } catch (EOFException | ZipException e) {
      throw tooShort(offset, e);
    }
  }

  /** Checks that the content is {@code expected} bytes long, no less and no more. */
  public void requireLength(long expected) throws IOException {
    if (!zipped) {
      requireEqual(expected, Long.toString(fileBytes), fileBytes == expected);
      return;
    }
    moveTo(expected);
    try {
      requireEqual(expected, "more", in.read() < 0);
    } catch (EOFException | ZipException e) {
      throw tooShort(expected, e);
    }
  }

  /** The file's own length in bytes, compressed if it is. */
  public long fileBytes() {
    return fileBytes;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void requireEqual(long expected, String found, boolean equal) {
    if (!equal) {
      throw DataException.cannot(
          "read " + what, expected + " bytes", found, path, "Fetch the file again.");
    }
  }

  private DataException tooShort(long expected, IOException cause) {
    String found = cause instanceof ZipException ? "broken gzip data" : "the end of the file";
    return DataException.cannot(
        "read " + what,
        "at least " + expected + " bytes",
        found + " before",
        path,
        "Fetch the file again.",
        cause);
  }
}
