package dev.convoy.driver.directory;

import dev.convoy.data.format.Locations;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes beside the target, renames what is there to another name, and then what was written to the
 * free one: for file systems that rename in one step, but never over a file, as ABFS with its
 * hierarchical namespace. For an instant there is no target; a process killed in it leaves the
 * former file, which {@link #recover} puts back.
 */
final class SetAsideCommit extends Commit {
  private static final String SUFFIX = ".previous";
  private static final Pattern PREVIOUS = Pattern.compile("\\.(.+)\\" + SUFFIX);

  SetAsideCommit(FileSystem files) {
    super(files);
  }

  @Override
  void name(Path staged, Path target) throws IOException {
    Path previous = Locations.child(target.getParent(), "." + target.getName() + SUFFIX);
    boolean isThere = false;
    try {
      isThere = files.exists(target);
      if (isThere) {
        files.delete(previous, false);
        rename(target, previous);
      }
      rename(staged, target);
    } catch (IOException | RuntimeException e) {
      if (isThere) {
        putBack(previous, target, e);
      }
      deleteQuietly(staged, e);
      throw e;
    }
    files.delete(previous, false);
  }

  private void putBack(Path previous, Path target, Exception reason) {
    try {
      if (!files.exists(target)) {
        rename(previous, target);
      }
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  void overwrite(Path staged, Path target, FileContent content) throws IOException {
    try (OutputStream out = files.create(target, true)) {
      content.writeTo(out);
    }
    files.delete(staged, false);
  }

  @Override
  void recover(Path directory) throws IOException {
    FileStatus[] all;
    try {
      all = files.listStatus(directory);
    } catch (FileNotFoundException e) {
      return;
    }
    for (FileStatus file : all) {
      Matcher name = PREVIOUS.matcher(file.getPath().getName());
      if (name.matches()) {
        Path target = Locations.child(directory, name.group(1));
        if (files.exists(target)) {
          files.delete(file.getPath(), false);
        } else {
          rename(file.getPath(), target);
        }
      }
    }
  }
}
