package dev.convoy.data.format;

import dev.convoy.data.DataException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Folders such as {@code train} and {@code test}, which hold the folders of classes and are none.
 */
final class RoleFolders {
  private static final List<String> NAMES =
      List.of("train", "training", "val", "valid", "validation", "dev", "test", "testing", "eval");

  private RoleFolders() {}

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
