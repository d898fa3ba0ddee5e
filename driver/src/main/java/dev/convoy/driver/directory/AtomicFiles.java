package dev.convoy.driver.directory;

import dev.convoy.data.format.Locations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Files that are either there in full or not at all, on any Hadoop file system. */
final class AtomicFiles {
  private final FileSystem files;
  private final Configuration hadoop;

  AtomicFiles(FileSystem files, Configuration hadoop) {
    this.files = files;
    this.hadoop = hadoop;
    // Checksum files would need a second rename; whoever needs a checksum writes it inside.
    files.setWriteChecksum(false);
    files.setVerifyChecksum(false);
  }

  /** Writes beside the target and renames over it; a failure leaves the target as it was. */
  void write(Path target, FileContent content) throws IOException {
    Path temporary = Locations.child(target.getParent(), "." + target.getName() + ".tmp");
    stage(temporary, content);
    replace(temporary, target);
  }

  /** Writes a file that nobody reads yet; a failure leaves none. */
  void stage(Path temporary, FileContent content) throws IOException {
    try {
      try (OutputStream out = files.create(temporary, true)) {
        content.writeTo(out);
      }
    } catch (FSError e) {
      // Hadoop's word for a local disk that is full.
      IOException failure = e.getCause() instanceof IOException cause ? cause : new IOException(e);
      deleteQuietly(temporary, failure);
      throw failure;
    } catch (IOException | RuntimeException e) {
      deleteQuietly(temporary, e);
      throw e;
    }
  }

  /** Renames a staged file over the target; a failure leaves the target alone. */
  void replace(Path staged, Path target) throws IOException {
    try {
      rename(staged, target);
    } catch (IOException | RuntimeException e) {
      deleteQuietly(staged, e);
      throw e;
    }
  }

  private void rename(Path source, Path target) throws IOException {
    if (files instanceof LocalFileSystem local) {
      Files.move(
          local.pathToFile(source).toPath(),
          local.pathToFile(target).toPath(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } else {
      FileContext.getFileContext(files.getUri(), hadoop)
          .rename(source, target, Options.Rename.OVERWRITE);
    }
  }

  private void deleteQuietly(Path path, Exception reason) {
    try {
      files.delete(path, false);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
