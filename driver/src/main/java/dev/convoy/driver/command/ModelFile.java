package dev.convoy.driver.command;

import dev.convoy.data.DataException;
import dev.convoy.data.format.Locations;
import dev.convoy.data.source.NumberScale;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.ensemble.EnsembleArchive;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The file of a model or an ensemble, on any Hadoop file system. */
final class ModelFile {
  /** The files of a directory that may hold a network, in the order of preference. */
  private static final List<String> NAMES = List.of("ensemble.zip", "model.zip");

  private ModelFile() {}

  /**
   * Reads it; a model is an ensemble of one.
   *
   * @param location of the file, or of a directory that holds an ensemble.zip or a model.zip
   * @throws DataException if it cannot be read, or is neither
   */
  static EnsembleArchive.Ensemble read(String location, Configuration hadoop) {
    try {
      Path path = Locations.path(Locations.expandHome(location));
      FileSystem files = Locations.fileSystem("the model", path, hadoop);
      Path file = find(files, path);
      long bytes = files.getFileStatus(file).getLen();
      try (InputStream in = files.open(file)) {
        return EnsembleArchive.read(in, bytes, file.toString());
      }
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot read the model "
              + location
              + ": expected a model.zip, an ensemble.zip, or the directory of the run that wrote it,"
              + " found nothing there. Check the path.",
          e);
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException("Cannot read the model " + location + ": " + e.getMessage() + ".", e);
    }
  }

  /** How a model's numbers are standardised; empty where classes are told apart. */
  static Optional<NumberScale> numberScale(EnsembleArchive.Ensemble ensemble) {
    return ensemble.kind() == EnsembleArchive.Kind.MODEL
        ? ModelArchive.read(ensemble.models().get(0), "the model").card().numbers()
        : Optional.empty();
  }

  private static Path find(FileSystem files, Path location) throws IOException {
    if (!files.getFileStatus(location).isDirectory()) {
      return location;
    }
    for (String name : NAMES) {
      Path file = new Path(location, name);
      if (files.exists(file)) {
        return file;
      }
    }
    throw new IOException(
        "expected a model.zip or an ensemble.zip in this directory, found neither; a run writes it"
            + " when it ends");
  }
}
