package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.convoy.data.format.Locations;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that a command writes to, on any Hadoop file system, and that belongs to one
 * configuration. Every file is whole or absent, whenever the driver is killed. Driver only.
 */
final class OutputDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutputDirectory.class);
  private static final String CONFIGURATION = "config.conf";
  static final String SUMMARY = "summary.json";
  private static final int MENTIONED_DIFFERENCES = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private final FileSystem files;
  private final AtomicFiles atomic;
  private Runnable beforeWriting = () -> {};

  private OutputDirectory(Path path, FileSystem files, AtomicFiles atomic) {
    this.path = path;
    this.files = files;
    this.atomic = atomic;
  }

  /**
   * Whose a directory is.
   *
   * @param text the configuration
   * @param overwrite whether to throw away what the directory holds of another
   * @param identityOf the identity of a configuration that was held, from its full text; throws
   *     {@link ConfigurationException} if it cannot be read
   * @param own the names of everything that such a directory may hold
   */
  record Claim(
      EffectiveText text, boolean overwrite, UnaryOperator<String> identityOf, List<String> own) {}

  /**
   * Creates the directory, or opens that of the same configuration.
   *
   * @throws ConfigurationException if it cannot be written, or holds something different and the
   *     claim does not say to overwrite it
   */
  static OutputDirectory open(String location, Claim claim, Configuration hadoop) {
    try {
      OutputDirectory directory = at(location, hadoop);
      if (directory.files.exists(directory.path)
          && !directory.files.getFileStatus(directory.path).isDirectory()) {
        throw new IOException("a file is in the way");
      }
      directory.files.mkdirs(directory.path);
      directory.take(location, claim);
      return directory;
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "output = "
              + location
              + ": expected a directory that can be written, found: "
              + firstLine(e)
              + ". Choose another with output=…");
    }
  }

  /**
   * Opens one that is there and belongs to a configuration.
   *
   * @param what is expected there, for messages
   * @throws ConfigurationException if there is none
   */
  static OutputDirectory existing(String location, String what, Configuration hadoop) {
    String found = "no config.conf";
    try {
      OutputDirectory directory = at(location, hadoop);
      if (directory.configuration().isPresent()) {
        return directory;
      }
      directory.close();
    } catch (IOException | IllegalArgumentException | OutputException e) {
      found = e.getMessage();
    }
    throw new ConfigurationException(
        "Cannot find "
            + what
            + " in "
            + location
            + ": expected its directory, found: "
            + found
            + ".");
  }

  /** One that is only looked at. */
  static OutputDirectory at(String location, Configuration hadoop) throws IOException {
    Path path = Locations.path(location);
    FileSystem files = FileSystem.newInstance(path.toUri(), hadoop);
    return new OutputDirectory(files.makeQualified(path), files, new AtomicFiles(files, hadoop));
  }

  /** Whether what was to be done there has ended; looks without writing. */
  static boolean hasEnded(String location, Configuration hadoop) {
    try (OutputDirectory directory = at(location, hadoop)) {
      return directory.files.exists(directory.child(SUMMARY));
    } catch (IOException | IllegalArgumentException e) {
      // Whoever opens it says what is wrong.
      return false;
    }
  }

  /** Runs something before anything is written from now on; what it throws prevents that. */
  void guard(Runnable check) {
    beforeWriting = check;
  }

  private void take(String location, Claim claim) throws IOException {
    if (files.exists(child(CONFIGURATION))) {
      Optional<String> difference = difference(readText(CONFIGURATION), claim);
      if (difference.isEmpty()) {
        return;
      }
      if (!claim.overwrite()) {
        throw new ConfigurationException(
            "output = "
                + location
                + ": expected an empty directory or this run's own, found a different run ("
                + difference.get()
                + "). Choose another with output=…, or throw it away with --overwrite.");
      }
      for (String name : claim.own()) {
        files.delete(child(name), true);
      }
    }
    atomic.write(child(CONFIGURATION), out -> out.write(utf8(claim.text().written())));
  }

  /** In which keys what the directory holds differs, if it does. */
  private static Optional<String> difference(String held, Claim claim) {
    String there;
    try {
      there = claim.identityOf().apply(held);
    } catch (ConfigurationException e) {
      return Optional.of("its config.conf does not fit this version or this command");
    }
    if (there.equals(claim.text().identity())) {
      return Optional.empty();
    }
    Config first = ConfigFactory.parseString(there);
    Config second = ConfigFactory.parseString(claim.text().identity());
    TreeSet<String> keys = new TreeSet<>();
    first.entrySet().forEach(entry -> keys.add(entry.getKey()));
    second.entrySet().forEach(entry -> keys.add(entry.getKey()));
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String before = value(first, key);
      String now = value(second, key);
      if (!before.equals(now)) {
        differences.add(key + " = " + before + " there, " + now + " here");
      }
    }
    int more = differences.size() - MENTIONED_DIFFERENCES;
    return Optional.of(
        String.join(
                "; ", differences.subList(0, Math.min(MENTIONED_DIFFERENCES, differences.size())))
            + (more > 0 ? "; and " + more + " more" : ""));
  }

  private static String value(Config config, String key) {
    return config.hasPath(key) ? config.getValue(key).render() : "null";
  }

  Path path() {
    return path;
  }

  FileSystem files() {
    return files;
  }

  Path child(String name) {
    return new Path(path, name);
  }

  /** Replaces a file, or makes it. */
  void write(String name, FileContent content) {
    writing(name, () -> atomic.write(child(name), content));
  }

  void writeText(String name, String text) {
    write(name, out -> out.write(utf8(text)));
  }

  void writeLines(String name, List<String> lines) {
    write(
        name,
        out -> {
          for (String line : lines) {
            out.write(utf8(line));
            out.write('\n');
          }
        });
  }

  void writeJson(String name, JsonNode value) {
    write(
        name,
        out ->
            out.write(
                utf8(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")));
  }

  /** A file as text. */
  String readText(String name) throws IOException {
    try (InputStream in = files.open(child(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The text of a file, if it is there. */
  Optional<String> text(String name) {
    return reading(
        name, () -> files.exists(child(name)) ? Optional.of(readText(name)) : Optional.empty());
  }

  List<String> lines(String name) {
    return text(name).map(text -> text.lines().toList()).orElse(List.of());
  }

  /** The configuration it belongs to. */
  Optional<String> configuration() {
    return text(CONFIGURATION);
  }

  /** When the configuration it belongs to was written, in milliseconds since 1970. */
  long configuredMillis() {
    return reading(
        CONFIGURATION, () -> files.getFileStatus(child(CONFIGURATION)).getModificationTime());
  }

  /** Writes the configuration it belongs to anew. */
  void writeConfiguration(String text) {
    writeText(CONFIGURATION, text);
  }

  /** The JSON of a file, if it is there. */
  static Optional<JsonNode> readJson(FileSystem files, Path file) throws IOException {
    Optional<byte[]> bytes = readBytes(files, file);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(JSON.readTree(bytes.get()));
  }

  /** The content of a file, if it is there. */
  static Optional<byte[]> readBytes(FileSystem files, Path file) throws IOException {
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = files.open(file)) {
      return Optional.of(in.readAllBytes());
    }
  }

  /** The summary, the sign that the work has ended. */
  Optional<JsonNode> summary() {
    return reading(SUMMARY, () -> readJson(files, child(SUMMARY)));
  }

  void writeSummary(JsonNode summary) {
    writeJson(SUMMARY, summary);
  }

  /** Removes what is there. */
  void delete(String name) {
    writing(name, () -> files.delete(child(name), true));
  }

  /** What is done to files; the failure names what could not be written. */
  interface Action {
    void run() throws IOException;
  }

  /** What is asked of files. */
  interface Question<T> {
    T answer() throws IOException;
  }

  void writing(String what, Action action) {
    beforeWriting.run();
    try {
      action.run();
    } catch (IOException e) {
      throw new OutputException(
          "Cannot write "
              + what
              + " in "
              + path
              + ": "
              + firstLine(e)
              + ". What was written before is intact: make room or mend the cause, then give the same"
              + " command again to go on.",
          e);
    }
  }

  void writeAtomically(Path file, FileContent content) throws IOException {
    atomic.write(file, content);
  }

  /** Renames a file over another, or to a name that is free. */
  void replace(Path staged, Path target) throws IOException {
    atomic.replace(staged, target);
  }

  <T> T reading(String what, Question<T> question) {
    try {
      return question.answer();
    } catch (IOException e) {
      throw new OutputException(
          "Cannot read " + what + " in " + path + ": " + firstLine(e) + ".", e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String firstLine(Throwable e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getMessage().lines().findFirst().orElse("");
  }

  /** Lets go of the file system; what was written stays. */
  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      LOG.debug("Cannot close {}", path, e);
    }
  }
}
