package dev.convoy.data.format;

import dev.convoy.data.DataException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Names such as {@code train} and {@code test}: folders of these hold the folders of classes and
 * are none, and files that begin with them are for one use.
 */
final class RoleFolders {
  private static final List<String> NAMES =
      List.of("train", "training", "val", "valid", "validation", "dev", "test", "testing", "eval");

  /** What follows such a name at the beginning of a file's. */
  private static final String DELIMITER = "[-_.]";

  private RoleFolders() {}

  /**
   * Requires that files of one directory are not for several uses: their names do not begin with
   * several of these names.
   *
   * @throws DataException if they do
   */
  static void requireOneUse(Collection<FileStatus> files, Path directory) {
    Map<String, String> firstOf = new TreeMap<>();
    for (FileStatus file : files) {
      String name = file.getPath().getName();
      roleOf(name).ifPresent(role -> firstOf.putIfAbsent(role, name));
    }
    if (firstOf.size() < 2) {
      return;
    }
    List<String> names = firstOf.values().stream().sorted(Directories.CODE_POINTS).toList();
    throw DataException.cannot(
        "read images",
        "files of one use",
        String.join(" and ", names) + ", named for what images are used for",
        directory,
        "Move the files of each use into a folder of their own, and name that.");
  }

  /** The name of a role that a file's name begins with. */
  private static Optional<String> roleOf(String file) {
    String begin = file.toLowerCase(Locale.ROOT).split(DELIMITER, 2)[0];
    return NAMES.stream().filter(begin::equals).findFirst();
  }

  /**
   * Why a directory cannot be one of class folders, if all of its folders have names of roles.
   *
   * @param folders the names of all that are in it
   */
  static Optional<DataException> refusal(Collection<String> folders, Path root) {
    List<String> roles =
        NAMES.stream().filter(role -> folders.stream().anyMatch(role::equalsIgnoreCase)).toList();
    boolean isOther =
        folders.stream().anyMatch(name -> !NAMES.contains(name.toLowerCase(Locale.ROOT)));
    if (roles.isEmpty() || isOther) {
      return Optional.empty();
    }
    String first =
        folders.stream().filter(roles.get(0)::equalsIgnoreCase).findFirst().orElseThrow();
    return Optional.of(
        DataException.cannot(
            "read images",
            "one folder per class",
            (folders.size() == 1 ? "only " : "")
                + String.join(" and ", folders)
                + ", named for what images are used for",
            root,
            "Name the folder that holds the class folders, such as "
                + new Path(root, first)
                + ", for each use by itself; classes of these names have to be renamed."));
  }
}
