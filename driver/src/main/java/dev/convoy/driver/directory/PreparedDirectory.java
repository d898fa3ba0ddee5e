package dev.convoy.driver.directory;

import dev.convoy.data.DataException;
import dev.convoy.data.format.Locations;
import dev.convoy.data.format.ShardManifest;
import dev.convoy.data.format.ShardManifest.Origin;
import dev.convoy.data.source.Quarantined;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.ConfigurationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The directory that {@code prepare} writes to: a folder for each role, and {@code
 * quarantine.jsonl}. Driver only.
 *
 * <p>A folder counts as prepared once its manifest says that it is complete. Killed before that,
 * the same command goes on with the parts that the manifest names.
 */
public final class PreparedDirectory extends OutputDirectory {
  private final Configuration hadoop;
  private final String written;

  private PreparedDirectory(OutputDirectory directory, Configuration hadoop, String written) {
    super(directory);
    this.hadoop = hadoop;
    this.written = written;
  }

  /**
   * Opens a directory, which may be empty.
   *
   * @param beforeWriting is run before anything is written; what it throws prevents that
   * @throws ConfigurationException if it cannot be written, or holds files that are not prepared
   *     images
   */
  public static PreparedDirectory open(
      String location, Configuration hadoop, Runnable beforeWriting) {
    try {
      PreparedDirectory prepared =
          new PreparedDirectory(OutputDirectory.at(location, hadoop), hadoop, location);
      prepared.guard(beforeWriting);
      for (Role role : Role.values()) {
        prepared.recover(prepared.child(role.folder()));
      }
      prepared.requireOwnFiles();
      return prepared;
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(location, e);
    }
  }

  /** Whether a path is this directory or in it. */
  public boolean contains(String other) {
    try {
      Path path = Locations.path(other);
      Path qualified = Locations.fileSystem("images", path, hadoop).makeQualified(path);
      for (Path above = qualified; above != null; above = above.getParent()) {
        if (above.equals(path())) {
          return true;
        }
      }
      return false;
    } catch (IOException | IllegalArgumentException | DataException e) {
      // Listing it reports the error.
      return false;
    }
  }

  /** The folder of one role. */
  public PreparedFolder folder(Role role) {
    return new PreparedFolder(this, child(role.folder()));
  }

  private void requireOwnFiles() {
    for (FileStatus entry : list(path())) {
      String name = entry.getPath().getName();
      boolean folder =
          entry.isDirectory()
              && Arrays.stream(Role.values()).anyMatch(role -> role.folder().equals(name));
      if (!folder && !name.equals(QuarantineFile.NAME) && !isHidden(name)) {
        throw foreign(name);
      }
    }
    for (Role role : Role.values()) {
      for (FileStatus entry : list(child(role.folder()))) {
        String name = entry.getPath().getName();
        if (entry.isDirectory() || !(isOwn(name) || isHidden(name))) {
          throw foreign(role.folder() + "/" + name);
        }
      }
    }
  }

  private ConfigurationException foreign(String name) {
    return unusable(
        written,
        "an empty directory or one that prepare has written",
        "found " + name + " in it",
        ".");
  }

  private static boolean isOwn(String name) {
    return name.equals(ShardManifest.FILE_NAME)
        || name.equals(LABELS) // earlier versions wrote it
        || ShardManifest.isPartName(name);
  }

  /** Whether prepare, of this or an earlier version, has written a file of that name. */
  static boolean isOwnOrStaged(String name) {
    return isOwn(name) || name.matches("\\.(part-[0-9]+|labels|manifest)\\..*");
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  /**
   * Makes the directory ready for images of these origins: keeps what is there of the same, and
   * removes what was interrupted.
   *
   * @param wanted the origin of every role that is to be prepared
   * @param overwrite whether to remove complete images of other origins, too
   * @throws ConfigurationException if there are such and they are not to be removed
   */
  public void claim(Map<Role, Origin> wanted, boolean overwrite) {
    List<Role> outdated = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (Role role : Role.values()) {
      Optional<String> reason = difference(role, Optional.ofNullable(wanted.get(role)));
      if (reason.isPresent()) {
        outdated.add(role);
        if (!reason.get().isEmpty()) {
          reasons.add(role.folder() + " " + reason.get());
        }
      }
    }
    if (!reasons.isEmpty() && !overwrite) {
      throw unusable(
          written,
          "an empty directory or what this command has prepared",
          "found " + String.join(", ", reasons),
          ", or throw it away with --overwrite.");
    }
    // No role may read as complete beside another one of a different preparation.
    outdated.forEach(role -> delete(role.folder() + "/" + ShardManifest.FILE_NAME));
    outdated.forEach(role -> folder(role).deleteExcept(List.of()));
  }

  /** Why what a role's folder holds cannot stay; no text if nobody will miss it. */
  private Optional<String> difference(Role role, Optional<Origin> wanted) {
    Optional<ShardManifest> held;
    try {
      held = reading(role.folder(), () -> ShardManifest.read(child(role.folder()), hadoop));
    } catch (DataException e) {
      return Optional.of("with a damaged " + ShardManifest.FILE_NAME);
    }
    if (held.isEmpty()) {
      return list(child(role.folder())).stream().anyMatch(file -> isOwn(file.getPath().getName()))
          ? Optional.of("without a " + ShardManifest.FILE_NAME + ", of an earlier version")
          : Optional.empty();
    }
    if (wanted.isPresent() && held.get().origin().equals(wanted.get())) {
      return Optional.empty();
    }
    return Optional.of(held.get().complete() ? difference(held.get(), wanted) : "");
  }

  private static String difference(ShardManifest held, Optional<Origin> wanted) {
    if (wanted.isEmpty()) {
      return "that is not asked for";
    }
    return held.origin().settings().equals(wanted.get().settings())
        ? "of other images (their names, lengths or times differ)"
        : "of other settings (such as data.image or training.workers)";
  }

  /** Writes quarantine.jsonl. */
  public void writeQuarantine(List<Quarantined> images) {
    QuarantineFile.write(this, images);
  }
}
