package dev.convoy.driver.directory;

import dev.convoy.data.Text;
import dev.convoy.data.format.Locations;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a check leaves its report: a directory beside that of the run, on any Hadoop file system.
 * It belongs to no configuration; each check replaces the files of the last one. Driver only.
 */
public final class CheckDirectory {
  private static final String SUFFIX = "-check";

  private final String location;
  private final Configuration hadoop;

  private CheckDirectory(String location, Configuration hadoop) {
    this.location = location;
    this.hadoop = hadoop;
  }

  /** The directory of that name; nothing is made yet. */
  public static CheckDirectory at(String location, Configuration hadoop) {
    return new CheckDirectory(Locations.expandHome(location), hadoop);
  }

  /** The one beside a run's directory. */
  public static CheckDirectory beside(String output, Configuration hadoop) {
    return at(output.replaceAll("/+$", "") + SUFFIX, hadoop);
  }

  /** What it is called in messages. */
  public String location() {
    return location;
  }

  /**
   * Makes the directory if it is not there: what cannot be written is told before the work.
   *
   * @throws OutputException if it cannot be made
   */
  public void prepare() {
    try {
      with((files, directory) -> {});
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new OutputException(
          e, "Cannot make the directory %s for the report: %s.", location, Text.firstLine(e));
    }
  }

  /**
   * Writes a file, or replaces it; makes the directory if it is not there.
   *
   * @throws OutputException if it cannot be written
   */
  public void write(String name, FileContent content) {
    try {
      with(
          (files, directory) ->
              new AtomicFiles(files, hadoop)
                  .write(Locations.child(files.makeQualified(directory), name), content));
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new OutputException(e, "Cannot write %s in %s: %s.", name, location, Text.firstLine(e));
    }
  }

  private void with(Work work) throws IOException {
    Path directory = Locations.path(location);
    try (FileSystem files = Locations.newFileSystem(directory, hadoop)) {
      files.mkdirs(directory);
      work.in(files, directory);
    }
  }

  /** What is done in the directory, once it is there. */
  @FunctionalInterface
  private interface Work {
    void in(FileSystem files, Path directory) throws IOException;
  }
}
