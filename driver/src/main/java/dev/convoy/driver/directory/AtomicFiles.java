package dev.convoy.driver.directory;

import dev.convoy.data.format.Locations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Files that are either there in full or not at all, on any Hadoop file system. */
final class AtomicFiles {
  /** In the names of this process's temporary files: two processes never write the same one. */
  private static final String PROCESS = UUID.randomUUID().toString();

  private static final String ANY_PROCESS = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private final FileSystem files;
  private final Configuration hadoop;

  AtomicFiles(FileSystem files, Configuration hadoop) {
    this.files = files;
    this.hadoop = hadoop;
    // Checksum files would need a second rename; files hold their own checksums.
    files.setWriteChecksum(false);
    files.setVerifyChecksum(false);
  }

  /** Writes beside the target and renames over it; a failure leaves the target as it was. */
  void write(Path target, FileContent content) throws IOException {
    write(target, content, () -> {});
  }

  /**
   * The same for a process that may lose its lock meanwhile.
   *
   * @param beforeReplacing an exception keeps the target as it was
   */
  void write(Path target, FileContent content, Runnable beforeReplacing) throws IOException {
    Path temporary = temporary(target);
    stage(temporary, content);
    try {
      beforeReplacing.run();
    } catch (RuntimeException e) {
      deleteQuietly(temporary, e);
      throw e;
    }
    replace(temporary, target);
  }

  static Path temporary(Path target) {
    return Locations.child(target.getParent(), "." + target.getName() + "." + PROCESS + ".tmp");
  }

  /** Removes what killed processes left of files that they were writing in a directory. */
  void removeLeftOvers(Path directory) throws IOException {
    if (files.exists(directory)) {
      for (FileStatus file : files.listStatus(directory)) {
        String name = file.getPath().getName();
        boolean leftOver = name.matches("\\..+\\." + ANY_PROCESS + "\\.tmp");
        if (leftOver && !name.startsWith(LockFile.NAME + ".") && !name.contains(PROCESS)) {
          files.delete(file.getPath(), false);
        }
      }
    }
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
      replace(local.pathToFile(source).toPath(), local.pathToFile(target).toPath());
    } else {
      FileContext.getFileContext(files.getUri(), hadoop)
          .rename(source, target, Options.Rename.OVERWRITE);
    }
  }

  /** Renames a file of this machine over another. */
  static void replace(java.nio.file.Path source, java.nio.file.Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void deleteQuietly(Path path, Exception reason) {
    try {
      files.delete(path, false);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
