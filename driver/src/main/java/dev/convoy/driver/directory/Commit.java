package dev.convoy.driver.directory;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How a file comes into its place, whole or not at all, on one kind of file system. A failure, and
 * a kill at any moment, leaves the file as it was or as it was to be.
 */
abstract sealed class Commit permits RenameCommit, SetAsideCommit, UploadCommit {
  /** Whose rename replaces a file at once, and which others see before or after. */
  private static final Set<String> REPLACING = Set.of("file", "hdfs", "viewfs");

  /** Stores of objects that do not say of themselves that an upload can be given up. */
  private static final Set<String> STORES = Set.of("s3", "s3n", "s3a", "gs", "oss", "cosn", "obs");

  final FileSystem files;

  Commit(FileSystem files) {
    this.files = files;
  }

  /**
   * That of the file system of a file: by what the file system says that it can do, and where it
   * says nothing, by its scheme. One that nobody knows is trusted to rename to a name that is free,
   * and no further.
   */
  static Commit of(FileSystem files, Path file, Configuration hadoop) throws IOException {
    if (files instanceof LocalFileSystem) {
      return new RenameCommit(files, hadoop);
    }
    String scheme = files.getUri().getScheme();
    if (files.hasPathCapability(file, CommonPathCapabilities.ABORTABLE_STREAM)
        || STORES.contains(scheme)) {
      return new UploadCommit(files);
    }
    return REPLACING.contains(scheme) ? new RenameCommit(files, hadoop) : new SetAsideCommit(files);
  }

  /**
   * Writes a file, or replaces it.
   *
   * @param temporary a name in the same directory that nobody else uses
   * @param beforeReplacing an exception keeps the target as it was
   */
  void write(Path target, Path temporary, FileContent content, Runnable beforeReplacing)
      throws IOException {
    stage(temporary, content, beforeReplacing);
    name(temporary, target);
  }

  /** Gives a staged file a name under which nobody looks for it yet; what has it is replaced. */
  abstract void name(Path staged, Path target) throws IOException;

  /**
   * Puts a staged file in place of one that others look at meanwhile: that is never gone, though
   * for an instant it may not be whole.
   *
   * @param content of the staged file
   */
  abstract void overwrite(Path staged, Path target, FileContent content) throws IOException;

  /** Ends what a process that was killed has begun in a directory. */
  void recover(Path directory) throws IOException {}

  /** Writes a file that nobody reads yet; a failure leaves none. */
  void stage(Path staged, FileContent content) throws IOException {
    try {
      try (OutputStream out = files.create(staged, true)) {
        content.writeTo(out);
      }
    } catch (FSError e) {
      // Hadoop's word for a local disk that is full.
      IOException failure = e.getCause() instanceof IOException cause ? cause : new IOException(e);
      deleteQuietly(staged, failure);
      throw failure;
    } catch (IOException | RuntimeException e) {
      deleteQuietly(staged, e);
      throw e;
    }
  }

  /** Stages a file, and looks at the right to put it in its place. */
  final void stage(Path staged, FileContent content, Runnable beforeReplacing) throws IOException {
    stage(staged, content);
    try {
      beforeReplacing.run();
    } catch (RuntimeException e) {
      deleteQuietly(staged, e);
      throw e;
    }
  }

  /** Renames, or throws. */
  final void rename(Path source, Path target) throws IOException {
    if (!files.rename(source, target)) {
      throw new IOException(source + " cannot be renamed to " + target.getName());
    }
  }

  final void deleteQuietly(Path path, Exception reason) {
    try {
      files.delete(path, false);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
