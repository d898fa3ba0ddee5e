package dev.convoy.driver.command;

import dev.convoy.data.DataException;
import dev.convoy.worker.ensemble.EnsembleArchive;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The file of a model or an ensemble, on any Hadoop file system. */
final class ModelFile {
  private ModelFile() {}

  /**
   * Its bytes.
   *
   * @throws DataException if it cannot be read
   */
  static byte[] read(String location, Configuration hadoop) {
    try {
      Path path = new Path(location);
      try (InputStream in = path.getFileSystem(hadoop).open(path)) {
        return in.readAllBytes();
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException("Cannot read the model " + location + ": " + e.getMessage() + ".", e);
    }
  }

  /**
   * What it is; a model is an ensemble of one.
   *
   * @throws DataException if it is neither
   */
  static EnsembleArchive.Ensemble ensemble(byte[] file, String location) {
    try {
      return EnsembleArchive.read(file, location);
    } catch (IOException e) {
      throw new DataException("Cannot read the model " + location + ": " + e.getMessage() + ".", e);
    }
  }
}
