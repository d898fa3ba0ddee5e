package dev.convoy.driver.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Writes beside the target and renames over it, where that is one step: on this machine, whose
 * rename(2) it is, and on HDFS, whose name node does it.
 */
final class RenameCommit extends Commit {
  private final Configuration hadoop;

  RenameCommit(FileSystem files, Configuration hadoop) {
    super(files);
    this.hadoop = hadoop;
  }

  @Override
  void name(Path staged, Path target) throws IOException {
    try {
      if (files instanceof LocalFileSystem local) {
        replace(local.pathToFile(staged).toPath(), local.pathToFile(target).toPath());
      } else {
        FileContext.getFileContext(files.getUri(), hadoop)
            .rename(staged, target, Options.Rename.OVERWRITE);
      }
    } catch (IOException | RuntimeException e) {
      deleteQuietly(staged, e);
      throw e;
    }
  }

  @Override
  void overwrite(Path staged, Path target, FileContent content) throws IOException {
    name(staged, target);
  }

  /** Renames a file of this machine over another. */
  static void replace(java.nio.file.Path source, java.nio.file.Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
