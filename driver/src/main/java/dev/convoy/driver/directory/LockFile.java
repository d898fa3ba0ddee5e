package dev.convoy.driver.directory;

import dev.convoy.data.format.Locations;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The file that names the process at work in a directory, and its atomic operations. Its times are
 * those of the file system, so that the clocks of two machines need not agree.
 */
final class LockFile implements AutoCloseable {
  static final String NAME = ".lock";
  private static final int LARGEST = 1 << 16;
  private static final int READS = 3;

  private final Path path;
  private final FileSystem files;
  private final AtomicFiles atomic;

  private LockFile(Path path, FileSystem files, AtomicFiles atomic) {
    this.path = path;
    this.files = files;
    this.atomic = atomic;
  }

  /**
   * What the file says.
   *
   * @param holder empty if it cannot be understood
   * @param modifiedMillis when it was written, by the file system's clock
   */
  record Content(Optional<LockHolder> holder, long modifiedMillis) {
    boolean names(LockHolder other) {
      return holder.isPresent() && holder.get().token().equals(other.token());
    }
  }

  /** The file in a directory, which is created. */
  static LockFile in(Path directory, Configuration hadoop) throws IOException {
    LockFile file = at(directory, hadoop);
    FileSystem files = file.files;
    try {
      if (files.exists(directory) && !files.getFileStatus(directory).isDirectory()) {
        throw new IOException("a file is in the way");
      }
      files.mkdirs(directory);
      return file;
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** The file in a directory, only to be read. */
  static LockFile at(Path directory, Configuration hadoop) throws IOException {
    FileSystem files = Locations.newFileSystem(directory, hadoop);
    return new LockFile(
        new Path(files.makeQualified(directory), NAME), files, new AtomicFiles(files, hadoop));
  }

  /** The directory, qualified with its file system. */
  Path directory() {
    return path.getParent();
  }

  /** Whether {@link #claim} never succeeds twice; object stores do not promise that. */
  boolean claimsAreExclusive() {
    return files instanceof LocalFileSystem;
  }

  /** Creates the file, empty; returns whether there was none. */
  boolean claim() throws IOException {
    if (files instanceof LocalFileSystem local) {
      // Hadoop looks first and then creates.
      try {
        Files.createFile(local.pathToFile(path).toPath());
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      }
    }
    try {
      files.create(path, false).close();
      return true;
    } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      if (files.exists(path)) {
        return false;
      }
      throw e;
    }
  }

  /** What it says; empty if there is none. */
  Optional<Content> read() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return read(path);
      } catch (IOException e) {
        // Of an object that is replaced while it is read, a store sends nothing more.
        if (attempt == READS) {
          throw e;
        }
      }
    }
  }

  private Optional<Content> read(Path file) throws IOException {
    try {
      long modified = files.getFileStatus(file).getModificationTime();
      try (InputStream in = files.open(file)) {
        String text = new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
        return Optional.of(new Content(LockHolder.parse(text), modified));
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Whether there is nothing of its name, not even a directory. */
  boolean isGone() throws IOException {
    return !files.exists(path);
  }

  /** Writes beside the file what it is to say; returns the file system's time. */
  long stage(LockHolder holder) throws IOException {
    Path staged = staged(holder.token());
    atomic.stage(staged, content(holder));
    return files.getFileStatus(staged).getModificationTime();
  }

  /** Puts what was staged in the file's place. */
  void replace(LockHolder holder) throws IOException {
    atomic.overwrite(staged(holder.token()), path, content(holder));
  }

  private static FileContent content(LockHolder holder) {
    return out -> out.write(holder.toJson().getBytes(StandardCharsets.UTF_8));
  }

  /** Removes what was staged and did not come into the file's place. */
  void discard(LockHolder holder) throws IOException {
    files.delete(staged(holder.token()), false);
  }

  /** Removes what others staged and were killed before they put it into place. */
  void discardStaged(Predicate<Content> isLeftBehind) throws IOException {
    FileStatus[] staged =
        files.listStatus(
            path.getParent(),
            file -> file.getName().startsWith(NAME + ".") && file.getName().endsWith(".tmp"));
    for (FileStatus file : staged) {
      if (read(file.getPath()).filter(isLeftBehind).isPresent()) {
        files.delete(file.getPath(), false);
      }
    }
  }

  /** Removes the file. */
  void delete() throws IOException {
    files.delete(path, false);
  }

  private Path staged(UUID token) {
    return new Path(path.getParent(), NAME + "." + token + ".tmp");
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
