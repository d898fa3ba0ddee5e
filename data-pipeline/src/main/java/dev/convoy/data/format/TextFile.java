package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Text that Convoy reads: UTF-8, with or without a byte order mark. Bytes that are not UTF-8 are
 * refused with their line, since read as replacement characters two different names become one.
 */
public final class TextFile {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private TextFile() {}

  /**
   * Reads a whole file.
   *
   * @param what what it holds, for messages: {@code a manifest}
   * @param expected what kind of file it is, for messages: {@code a CSV file}
   * @throws DataException when it is not there, may not be read, or is not UTF-8
   */
  public static String read(String what, String expected, Path path, Configuration hadoop)
      throws IOException {
    FileSystem files = Locations.fileSystem(what, path, hadoop);
    try {
      FileStatus status = files.getFileStatus(path);
      if (status.isDirectory()) {
        throw DataException.cannot(
            "read " + what, expected, "a directory", path, "Name the file itself.");
      }
      try (InputStream in = files.open(path)) {
        return decode(what, in.readAllBytes(), path.toString());
      }
    } catch (IOException e) {
      throw Locations.unreachable(what, expected, path, e);
    }
  }

  /**
   * Decodes the bytes of a whole file.
   *
   * @param what what it holds, for messages: {@code a manifest}
   * @param place where it is, for messages
   * @throws DataException when they are not UTF-8, or hold NUL characters
   */
  public static String decode(String what, byte[] bytes, String place) {
    int start = startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    if (isUtf16(bytes)) {
      throw DataException.cannot(
          "read " + what,
          "text in UTF-8",
          "UTF-16",
          place,
          "Save it as UTF-8 (iconv -f UTF-16 -t UTF-8).");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
    CharBuffer out = CharBuffer.allocate(bytes.length - start);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw wrongByte(what, bytes, in.position(), place);
    }
    for (int i = start; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw wrongByte(what, bytes, i, place);
      }
    }
    return out.flip().toString();
  }

  /** Byte order marks of UTF-16, or text in it without one: every second byte is NUL. */
  private static boolean isUtf16(byte[] bytes) {
    if (bytes.length < 2) {
      return false;
    }
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    return (first == 0xff && second == 0xfe)
        || (first == 0xfe && second == 0xff)
        || (bytes.length >= 4
            && (first == 0) != (second == 0)
            && (first == 0) == (bytes[2] == 0)
            && (second == 0) == (bytes[3] == 0));
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  private static DataException wrongByte(String what, byte[] bytes, int position, String place) {
    int line = 1;
    for (int i = 0; i < position; i++) {
      if (bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n')) {
        line++;
      }
    }
    return new DataException(
        Text.of(
            "Cannot read %s: expected text in UTF-8, found the byte 0x%02X in line %d, in %s. Save it"
                + " as UTF-8 (from Western European encodings: iconv -f CP1252 -t UTF-8).",
            what, bytes[position] & 0xff, line, place));
  }
}
