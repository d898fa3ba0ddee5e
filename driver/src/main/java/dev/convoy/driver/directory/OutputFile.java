package dev.convoy.driver.directory;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A single file that a command writes, whole or not at all, on any Hadoop file system. */
public final class OutputFile {
  private OutputFile() {}

  /** Content of a file to be. */
  public interface Content {
    /** Writes it all; does not close. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, or replaces it.
   *
   * @throws OutputException if it cannot be written
   */
  public static void write(String location, Configuration hadoop, Content content) {
    try {
      Path target = new Path(location);
      FileSystem files = FileSystem.newInstance(target.toUri(), hadoop);
      try {
        new AtomicFiles(files, hadoop).write(files.makeQualified(target), content::writeTo);
      } finally {
        files.close();
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new OutputException(
          "Cannot write " + location + ": " + OutputDirectory.firstLine(e) + ".", e);
    }
  }
}
