package dev.convoy.driver.directory;

import dev.convoy.data.format.Locations;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A single file that a command writes, whole or not at all, on any Hadoop file system. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Writes a file, or replaces it.
   *
   * @throws OutputException if it cannot be written
   */
  public static void write(String location, Configuration hadoop, FileContent content) {
    try {
      Path target = Locations.path(Locations.expandHome(location));
      FileSystem files = FileSystem.newInstance(target.toUri(), hadoop);
      try {
        new AtomicFiles(files, hadoop).write(files.makeQualified(target), content);
      } finally {
        files.close();
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new OutputException(
          "Cannot write " + location + ": " + OutputDirectory.firstLine(e) + ".", e);
    }
  }
}
