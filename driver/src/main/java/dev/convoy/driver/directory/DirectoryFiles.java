package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.Text;
import dev.convoy.data.format.Locations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a directory on any Hadoop file system, by their names in it. Every file is whole or
 * absent, whenever the driver is killed. Driver only.
 *
 * <p>A file that cannot be written or read is an {@link OutputException}.
 */
public abstract class DirectoryFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryFiles.class);

  private final Path path;
  private final FileSystem files;
  private final AtomicFiles atomic;
  private Runnable beforeWriting;

  /** Of a directory that is only looked at, so far. */
  DirectoryFiles(String location, Configuration hadoop) throws IOException {
    Path unqualified = Locations.path(location);
    this.files = Locations.newFileSystem(unqualified, hadoop);
    this.path = files.makeQualified(unqualified);
    this.atomic = new AtomicFiles(files, hadoop);
    this.beforeWriting = () -> {};
  }

  /** The same directory, which this takes over. */
  DirectoryFiles(DirectoryFiles opened) {
    this.path = opened.path;
    this.files = opened.files;
    this.atomic = opened.atomic;
    this.beforeWriting = opened.beforeWriting;
  }

  /** Runs something before anything is written from now on; what it throws prevents that. */
  void guard(Runnable check) {
    beforeWriting = check;
  }

  /** Where it is, qualified with its file system. */
  public final String location() {
    return path.toString();
  }

  Path path() {
    return path;
  }

  FileSystem files() {
    return files;
  }

  Runnable beforeWriting() {
    return beforeWriting;
  }

  Path child(String name) {
    return new Path(path, name);
  }

  /** Replaces a file, or makes it; its name may have folders in it. */
  public final void write(String name, FileContent content) {
    writing(name, () -> writeAtomically(child(name), content));
  }

  /** The same of a text. */
  public final void writeText(String name, String text) {
    write(name, out -> out.write(utf8(text)));
  }

  /** The same of lines. */
  public final void writeLines(String name, List<String> lines) {
    write(
        name,
        out -> {
          for (String line : lines) {
            out.write(utf8(line + "\n"));
          }
        });
  }

  /** The same of JSON, indented. */
  public final void writeJson(String name, JsonNode value) {
    writeText(name, value.toPrettyString() + "\n");
  }

  /** Whether there is a file or a folder of that name. */
  public final boolean holds(String name) {
    return reading(name, () -> files.exists(child(name)));
  }

  /** The content of a file, if it is there. */
  public final Optional<byte[]> bytes(Path file) {
    return reading(
        file.toString(),
        () -> {
          if (!files.exists(file)) {
            return Optional.empty();
          }
          try (InputStream in = files.open(file)) {
            return Optional.of(in.readAllBytes());
          }
        });
  }

  /** The files and folders in a folder; none if it is not there. */
  List<FileStatus> list(Path folder) {
    return reading(
        folder.getName(),
        () -> files.exists(folder) ? Arrays.asList(files.listStatus(folder)) : List.of());
  }

  /** The text of a file, if it is there. */
  Optional<String> text(String name) {
    return bytes(child(name)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  List<String> lines(String name) {
    return text(name).map(text -> text.lines().toList()).orElse(List.of());
  }

  /**
   * Hands over the lines of a file, one at a time.
   *
   * @param most how many of them at most
   * @return how many; 0 if the file is not there
   */
  int forEachLine(String name, int most, Consumer<String> receiver) {
    return reading(
        name,
        () -> {
          if (most == 0 || !files.exists(child(name))) {
            return 0;
          }
          try (BufferedReader reader =
              new BufferedReader(
                  new InputStreamReader(files.open(child(name)), StandardCharsets.UTF_8))) {
            int count = 0;
            for (String line; count < most && (line = reader.readLine()) != null; count++) {
              receiver.accept(line);
            }
            return count;
          }
        });
  }

  /**
   * Adds lines to a file, which is there before with all of them or none, and makes it if it is
   * not.
   *
   * @param kept how many of its lines stay; those after them are gone
   * @return how many of these were there
   */
  int addLines(String name, int kept, List<String> more) {
    int[] stayed = new int[1];
    write(
        name,
        out -> {
          try {
            stayed[0] = forEachLine(name, kept, line -> writeLine(line, out));
            more.forEach(line -> writeLine(line, out));
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
        });
    return stayed[0];
  }

  private static void writeLine(String line, OutputStream out) {
    try {
      out.write(utf8(line + "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a file, or a folder with all that is in it; it need not be there. */
  public final void delete(String name) {
    writing(name, () -> files.delete(child(name), true));
  }

  /** Removes what killed processes left half written. */
  final void removeLeftOvers() throws IOException {
    beforeWriting.run();
    for (String name : List.of("checkpoints", "snapshots", "predictions")) {
      atomic.removeLeftOvers(child(name));
    }
    atomic.removeLeftOvers(path);
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
    } catch (IOException | FSError e) { // an error is Hadoop's word for a local disk that is full
      throw new OutputException(
          e,
          "Cannot write %s in %s: %s. What was written before is intact: make room or mend the"
              + " cause, then give the same command again to go on.",
          what,
          path,
          reason(e));
    }
  }

  void writeAtomically(Path file, FileContent content) throws IOException {
    atomic.write(file, content, beforeWriting);
  }

  /** Gives a staged file a name under which nobody looks for it yet; what has it is replaced. */
  void name(Path staged, Path target) throws IOException {
    atomic.name(staged, target);
  }

  /** Puts back what a killed process had away when it was replacing a file in a folder. */
  void recover(Path folder) throws IOException {
    atomic.recover(folder);
  }

  <T> T reading(String what, Question<T> question) {
    try {
      return question.answer();
    } catch (IOException | FSError e) {
      throw new OutputException(e, "Cannot read %s in %s: %s.", what, path, reason(e));
    }
  }

  private static String reason(Throwable failure) {
    boolean isWrapped = failure instanceof FSError && failure.getCause() != null;
    return Text.firstLine(isWrapped ? failure.getCause() : failure);
  }

  /** As all text is stored. */
  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
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
