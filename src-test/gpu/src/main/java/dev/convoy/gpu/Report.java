package dev.convoy.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a part found, in a file of JSON that is whole after every entry, and as lines for a person.
 * Thread-safe.
 */
final class Report {
  private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

  private final Path file;
  private final PrintStream lines;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final List<Object> entries = new ArrayList<>();

  /**
   * Replaces a file.
   *
   * @param lines where lines go
   */
  Report(Path file, PrintStream lines) throws IOException {
    this.file = file;
    this.lines = lines;
    Files.createDirectories(file.toAbsolutePath().getParent());
  }

  /** Sets a value of the whole part. */
  synchronized void put(String key, Object value) {
    values.put(key, value);
    write();
  }

  /** Values whose names begin so. */
  synchronized Map<String, Object> remarks(String beginning) {
    Map<String, Object> remarks = new LinkedHashMap<>(values);
    remarks.keySet().removeIf(key -> !key.startsWith(beginning));
    return remarks;
  }

  /** Adds a record of what was found. */
  synchronized void add(Object entry) {
    entries.add(entry);
    values.put("entries", entries);
    write();
  }

  /** Prints a line. */
  void line(String format, Object... arguments) {
    lines.printf(Locale.ROOT, format + "%n", arguments);
    lines.flush();
  }

  private void write() {
    try {
      Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), "report", ".json");
      Files.writeString(whole, JSON.writeValueAsString(values));
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
