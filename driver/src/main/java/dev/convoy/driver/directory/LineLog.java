package dev.convoy.driver.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of JSON objects, one a line, that grows. A line is there in full or not at all: what a
 * killed driver left of its last one is taken off. On file systems that cannot append, such as
 * object stores, the file is written anew from time to time. Driver only; not thread-safe.
 */
final class LineLog implements Journal, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long REWRITE_PAUSE_NANOS = 2_000_000_000L;

  private final OutputDirectory directory;
  private final String name;
  private final FileSystem appending;
  private final boolean canAppend;
  private final List<String> rewritten = new ArrayList<>();
  private FSDataOutputStream out;
  private long lastRewrite;
  private boolean unwritten;

  LineLog(OutputDirectory directory, String name) {
    this.directory = directory;
    this.name = name;
    // Checksummed local files cannot grow.
    this.appending =
        directory.files() instanceof LocalFileSystem local ? local.getRaw() : directory.files();
    this.canAppend =
        directory.reading(
            name, () -> appending.hasPathCapability(file(), CommonPathCapabilities.FS_APPEND));
  }

  private Path file() {
    return directory.child(name);
  }

  /**
   * Every line in the order it was added.
   *
   * @throws OutputException if a line but the last is no JSON
   */
  @Override
  public List<JsonNode> read() {
    String text = directory.text(name).orElse("");
    List<String> lines = text.lines().toList();
    List<JsonNode> values = new ArrayList<>(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      boolean torn = i == lines.size() - 1 && !text.endsWith("\n");
      if (!torn) {
        values.add(parse(lines.get(i), i + 1));
      }
    }
    return values;
  }

  private JsonNode parse(String line, int number) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new OutputException(
          "Cannot read "
              + name
              + " in "
              + directory.path()
              + ": expected a JSON object in line "
              + number
              + ", found: "
              + e.getOriginalMessage().lines().findFirst().orElse("")
              + ". Remove that line, or restore the file.",
          e);
    }
  }

  @Override
  public void append(JsonNode value) {
    if (!canAppend) {
      rewrite(value);
      return;
    }
    directory.writing(
        name,
        () -> {
          if (out == null) {
            open();
          }
          out.write(OutputDirectory.utf8(value + "\n"));
          out.hflush();
        });
  }

  private void open() throws IOException {
    String text = directory.text(name).orElse("");
    if (!text.isEmpty() && !text.endsWith("\n")) {
      directory.writeText(name, text.substring(0, text.lastIndexOf('\n') + 1));
    }
    out = appending.exists(file()) ? appending.append(file()) : appending.create(file(), false);
  }

  private void rewrite(JsonNode value) {
    if (rewritten.isEmpty()) {
      read().forEach(line -> rewritten.add(line.toString()));
    }
    rewritten.add(value.toString());
    unwritten = true;
    if (System.nanoTime() - lastRewrite > REWRITE_PAUSE_NANOS) {
      flush();
    }
  }

  private void flush() {
    directory.writeLines(name, rewritten);
    lastRewrite = System.nanoTime();
    unwritten = false;
  }

  @Override
  public void close() {
    if (unwritten) {
      flush();
    }
    if (out != null) {
      directory.writing(name, out::close);
      out = null;
    }
  }
}
