package dev.convoy.driver.directory;

import dev.convoy.data.format.Locations;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Files that are either there in full or not at all, on any Hadoop file system: see {@link Commit}.
 */
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

  /** Writes a file, or replaces it; a failure leaves it as it was. */
  void write(Path target, FileContent content) throws IOException {
    write(target, content, () -> {});
  }

  /**
   * The same for a process that may lose its lock meanwhile.
   *
   * @param beforeReplacing an exception keeps the target as it was
   */
  void write(Path target, FileContent content, Runnable beforeReplacing) throws IOException {
    commit(target).write(target, temporary(target), content, beforeReplacing);
  }

  static Path temporary(Path target) {
    return Locations.child(target.getParent(), "." + target.getName() + "." + PROCESS + ".tmp");
  }

  /** Puts back what a killed process had away when it was replacing a file in a directory. */
  void recover(Path directory) throws IOException {
    commit(directory).recover(directory);
  }

  /** The same, and removes what killed processes left of files that they were writing there. */
  void removeLeftOvers(Path directory) throws IOException {
    recover(directory);
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
    commit(temporary).stage(temporary, content);
  }

  /** Gives a staged file a name under which nobody looks for it yet; what has it is replaced. */
  void name(Path staged, Path target) throws IOException {
    commit(target).name(staged, target);
  }

  /**
   * Puts a staged file in place of one that others look at meanwhile: that is never gone, though
   * for an instant it may not be whole.
   *
   * @param content of the staged file
   */
  void overwrite(Path staged, Path target, FileContent content) throws IOException {
    commit(target).overwrite(staged, target, content);
  }

  private Commit commit(Path file) throws IOException {
    return Commit.of(files, file, hadoop);
  }
}
