package dev.convoy.data.format;

import dev.convoy.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A file of class names in label order, one per line, UTF-8. */
final class ClassNames {
  private ClassNames() {}

  /**
   * Reads names; blank lines and blanks around names do not count. Leaves the stream open.
   *
   * @param place where they are, for messages
   * @throws DataException when they are not UTF-8
   */
  static List<String> read(InputStream in, String place) throws IOException {
    return TextFile.decode("class names", in.readAllBytes(), place)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
