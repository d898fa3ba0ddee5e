package dev.convoy.driver.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of JSON objects, one a line, that grows. A line is there in full or not at all: what a
 * killed driver left of its last one is taken off. Where a line is damaged, it and those after it
 * are passed over, as if the driver had been killed before: what rests on them is done again. On
 * file systems that cannot append, such as object stores, the file is written anew from time to
 * time, at the latest when it is {@linkplain #settle() settled}. Driver only; not thread-safe.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final long REWRITE_PAUSE_NANOS = 2_000_000_000L;

  private final OutputDirectory directory;
  private final String name;
  private final FileSystem appending;
  private final boolean canAppend;
  private final Set<String> said = new HashSet<>();
  private List<String> intact;
  private FSDataOutputStream out;
  private long lastRewrite;
  private boolean unwritten;

  Journal(OutputDirectory directory, String name) {
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
   * Every line before the first damaged one, in the order it was added, once each.
   *
   * @param parser of a line; throws {@link IllegalArgumentException} if that is damaged
   */
  public <T> List<T> read(Function<JsonNode, T> parser) {
    String text = directory.text(name).orElse("");
    List<String> lines = text.lines().toList();
    List<T> values = new ArrayList<>(lines.size());
    Set<JsonNode> kept = new HashSet<>();
    intact = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean torn = i == lines.size() - 1 && !text.endsWith("\n");
      if (torn || line.isBlank()) {
        say("line %d is %s and is passed over", i + 1, torn ? "not whole" : "blank");
        continue;
      }
      try {
        JsonNode record = parse(line);
        if (!kept.add(record)) {
          say("line %d is there twice and is passed over", i + 1);
          continue;
        }
        values.add(parser.apply(record));
      } catch (IllegalArgumentException e) {
        say(
            "line %d is damaged (%s): it and those after it, of %d, are passed over, and what they"
                + " record is done again where no run directory tells of it",
            i + 1, Text.firstLine(e), lines.size());
        break;
      }
      intact.add(line);
    }
    return values;
  }

  /** Every intact line as JSON. */
  public List<JsonNode> read() {
    return read(line -> line);
  }

  private static JsonNode parse(String line) {
    try {
      JsonNode value = JSON.readTree(line);
      if (!value.isObject()) {
        throw new IllegalArgumentException("expected a JSON object");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected a JSON object: " + e.getOriginalMessage(), e);
    }
  }

  private void say(String format, Object... values) {
    String what = Text.of(format, values);
    if (said.add(what)) {
      LOG.warn("{}: {}", file(), what);
    }
  }

  /**
   * Adds a line, no two alike; once this returns, it outlives the driver, or where files cannot
   * grow, once it is settled.
   */
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

  /**
   * Begins a new file with the lines so far, so that nothing is appended to the file of a killed
   * process: HDFS lends that to the dead for a while, and a process that only stood still may still
   * write there.
   */
  private void open() throws IOException {
    if (appending.exists(file())) {
      begin();
      out = appending.append(file());
    } else {
      out = appending.create(file(), false);
    }
  }

  /** Writes the lines so far; where others are dropped, the file is kept under another name. */
  private void begin() throws IOException {
    if (intact == null) {
      read();
    }
    String text = directory.text(name).orElse("");
    long whole = text.lines().filter(line -> !line.isBlank()).distinct().count();
    boolean torn = !text.isEmpty() && !text.endsWith("\n");
    if (whole - (torn ? 1 : 0) > intact.size()) {
      directory.writeText(name + ".damaged", text);
      say("the file as it was is kept as %s.damaged", name);
    }
    directory.writeLines(name, intact);
  }

  private void rewrite(JsonNode value) {
    if (intact == null) {
      read();
    }
    intact.add(value.toString());
    unwritten = true;
    if (System.nanoTime() - lastRewrite > REWRITE_PAUSE_NANOS) {
      flush();
    }
  }

  /** Makes every line outlive the driver, before what it tells of is removed elsewhere. */
  public void settle() {
    if (unwritten) {
      flush();
    }
  }

  private void flush() {
    directory.writeLines(name, intact);
    lastRewrite = System.nanoTime();
    unwritten = false;
  }

  @Override
  public void close() {
    settle();
    if (out != null) {
      directory.writing(name, out::close);
      out = null;
    }
    intact = null;
  }
}
