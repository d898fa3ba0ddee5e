package dev.convoy.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A file of class names in label order, one per line, UTF-8. */
final class ClassNames {
  private ClassNames() {}

  /** Reads names; blank lines and blanks around names do not count. Leaves the stream open. */
  static List<String> read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
