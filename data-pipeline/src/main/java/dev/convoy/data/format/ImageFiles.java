package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.image.ImageFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Finds the image files in the folders of one source, and counts what it passes over. Symbolic
 * links are followed; each folder is read once, under whichever of its names comes first, real
 * folders before links. Driver only.
 */
final class ImageFiles {
  /** Where links to folders that hold the source itself are noted. */
  private static final String ABOVE = "";

  private final String what;
  private final Configuration hadoop;
  private final PassedOver passedOver;
  private final IntConsumer found;

  /** The class that each folder of this machine was read for, by its identity. */
  private final Map<Object, String> classOfFolder = new HashMap<>();

  /**
   * Finds nothing yet.
   *
   * @param found told how many images each folder holds, when it has been read
   */
  ImageFiles(String what, Configuration hadoop, PassedOver passedOver, IntConsumer found) {
    this.what = what;
    this.hadoop = hadoop;
    this.passedOver = passedOver;
    this.found = found;
  }

  /** Notes a folder and all above it: a link to one of them is passed over. */
  void enter(Path root) throws IOException {
    if (!Locations.isLocal(Locations.fileSystem(what, root, hadoop))) {
      return;
    }
    for (java.nio.file.Path folder = Locations.local(qualified(root)).toRealPath();
        folder != null;
        folder = folder.getParent()) {
      classOfFolder.put(identity(folder), ABOVE);
    }
  }

  /**
   * Image files at any depth, in no order. Lists folder by folder: Hadoop's recursive listing asks
   * for every file's owner, which on a local file system is a process each.
   *
   * @param className whose folder it is
   * @throws DataException when a folder was read for another class before
   */
  List<FileStatus> within(Path folder, String className) throws IOException {
    List<FileStatus> images = new ArrayList<>();
    Deque<Path> folders = new ArrayDeque<>(List.of(folder));
    Deque<Path> links = new ArrayDeque<>();
    while (!folders.isEmpty() || !links.isEmpty()) {
      Path next = folders.isEmpty() ? links.remove() : folders.remove();
      if (!isNew(next, className)) {
        continue;
      }
      int before = images.size();
      for (FileStatus entry : Directories.list(what, next, hadoop)) {
        String name = entry.getPath().getName();
        if (Directories.isHidden(entry)) {
          passedOver.hidden();
        } else if (!entry.isDirectory()) {
          if (isImage(name)) {
            images.add(entry);
          } else {
            passedOver.file(name);
          }
        } else {
          (isLink(entry.getPath()) ? links : folders).add(entry.getPath());
        }
      }
      found.accept(images.size() - before);
    }
    return images;
  }

  static boolean isImage(String name) {
    return ImageFormat.ofName(name).filter(ImageFormat::isDecoded).isPresent();
  }

  private boolean isNew(Path folder, String className) throws IOException {
    Optional<Object> identity = identity(folder);
    String before =
        identity.isEmpty() ? null : classOfFolder.putIfAbsent(identity.get(), className);
    if (before == null) {
      return true;
    }
    if (!before.equals(ABOVE) && !before.equals(className)) {
      throw DataException.cannot(
          "read " + what,
          "every folder in one class",
          "one in both " + before + " and " + className,
          folder,
          "Remove the symbolic link.");
    }
    passedOver.link();
    return false;
  }

  private boolean isLink(Path folder) throws IOException {
    return Locations.isLocal(Locations.fileSystem(what, folder, hadoop))
        && Files.isSymbolicLink(Locations.local(folder));
  }

  /** What tells a folder of this machine from all others; empty on other file systems. */
  private Optional<Object> identity(Path folder) throws IOException {
    return Locations.isLocal(Locations.fileSystem(what, folder, hadoop))
        ? Optional.of(identity(Locations.local(folder).toRealPath()))
        : Optional.empty();
  }

  private static Object identity(java.nio.file.Path folder) throws IOException {
    Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    return key == null ? folder : key;
  }

  private Path qualified(Path path) throws IOException {
    return Locations.fileSystem(what, path, hadoop).makeQualified(path);
  }
}
