package dev.convoy.driver.directory;

import dev.convoy.data.DataException;
import dev.convoy.data.format.Locations;
import dev.convoy.data.format.ShardManifest;
import dev.convoy.data.format.ShardManifest.Part;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of prepared images of one role. Executors write parts under names of their own; the
 * driver gives a part its name, and names it in the manifest.
 */
public final class PreparedFolder {
  private final OutputDirectory directory;
  private final Path path;

  PreparedFolder(OutputDirectory directory, Path path) {
    this.directory = directory;
    this.path = path;
  }

  /** Where it is, qualified with its file system. */
  public String location() {
    return path.toString();
  }

  /**
   * What an earlier attempt has left; empty if there is none that can be read.
   *
   * @param hadoop where file systems are found
   */
  public Optional<ShardManifest> manifest(Configuration hadoop) {
    return directory.reading(
        path.getName(),
        () -> {
          try {
            return ShardManifest.read(path, hadoop);
          } catch (DataException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * Writes a file that nobody reads yet; a failure leaves none. Executors.
   *
   * @param file a name that no other attempt uses
   */
  public static void stage(Path file, Configuration hadoop, FileContent content)
      throws IOException {
    try (FileSystem files = Locations.newFileSystem(file, hadoop)) {
      new AtomicFiles(files, hadoop).stage(file, content);
    }
  }

  /** Gives a staged file the name of a part. Driver only. */
  public void commit(String staged, String part) {
    Path target = new Path(path, part);
    directory.writing(target.getName(), () -> directory.name(new Path(path, staged), target));
  }

  /** Writes the manifest. Driver only. */
  public void write(ShardManifest manifest) {
    directory.write(path.getName() + "/" + ShardManifest.FILE_NAME, manifest::write);
  }

  /** Removes what attempts have left, and every part but these. Driver only. */
  public void deleteExcept(List<Part> parts) {
    Set<String> kept = new HashSet<>();
    parts.forEach(part -> kept.add(part.name()));
    if (!parts.isEmpty()) {
      kept.add(ShardManifest.FILE_NAME);
    }
    directory.writing(
        path.getName(),
        () -> {
          for (FileStatus entry : directory.list(path)) {
            String name = entry.getPath().getName();
            if (entry.isFile() && !kept.contains(name) && PreparedDirectory.isOwnOrStaged(name)) {
              directory.files().delete(entry.getPath(), false);
            }
          }
        });
  }
}
