package dev.convoy.data.format;

import dev.convoy.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The file {@code labels.txt}: class names in label order, one per line, UTF-8. */
public final class ClassNames {
  /** The name of the file. */
  public static final String FILE_NAME = "labels.txt";

  private ClassNames() {}

  /**
   * Writes the names; leaves the stream open.
   *
   * @throws DataException when a name is blank or has more than one line
   */
  public static void write(OutputStream out, List<String> names) throws IOException {
    for (String name : names) {
      if (name.isBlank() || !name.equals(name.strip()) || name.lines().count() != 1) {
        throw new DataException(
            "Cannot write class names: expected one line without surrounding blanks, found \""
                + name.lines().findFirst().orElse("")
                + "\". Rename the class.");
      }
      out.write((name + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Reads names; blank lines and blanks around names do not count. Leaves the stream open. */
  public static List<String> read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
