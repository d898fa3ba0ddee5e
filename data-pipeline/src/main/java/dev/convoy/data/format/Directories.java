package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.image.ImageFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Listing directories in an order that is the same on every file system. */
final class Directories {
  /** Order of code points, which is the order of UTF-8 bytes but not of Java's strings. */
  static final Comparator<String> CODE_POINTS =
      (left, right) ->
          Arrays.compareUnsigned(
              left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

  /** Order of files by their whole paths. */
  static final Comparator<FileStatus> BY_PATH =
      Comparator.comparing(file -> file.getPath().toString(), CODE_POINTS);

  private static final int LAST_ASCII = 0x7f;

  private Directories() {}

  /** What the names of image files end in, for messages. */
  static String extensions() {
    return String.join(", ", ImageFormat.decodedSuffixes());
  }

  /**
   * The entries of a directory, sorted by name. Links are followed; one that leads nowhere is
   * refused, as is a name that this process could not open.
   *
   * @param what what the directory should hold, for messages: {@code an image folder}
   */
  static FileStatus[] list(String what, Path directory, Configuration hadoop) throws IOException {
    FileSystem files = Locations.fileSystem(what, directory, hadoop);
    FileStatus[] entries;
    try {
      FileStatus status = files.getFileStatus(directory);
      if (!status.isDirectory()) {
        throw DataException.cannot(
            "read " + what, "a directory", "a file", directory, "Check the path.");
      }
      entries =
          Locations.isLocal(files)
              ? localEntries(what, status.getPath())
              : files.listStatus(directory);
    } catch (IOException e) {
      throw Locations.unreachable(what, "a directory", directory, e);
    }
    Arrays.sort(entries, Comparator.comparing(entry -> entry.getPath().getName(), CODE_POINTS));
    return entries;
  }

  /**
   * Lists a directory of this machine. Hadoop's own listing leaves out, without a word, each file
   * whose name does not survive the process's character set, and each broken link.
   */
  private static FileStatus[] localEntries(String what, Path directory) throws IOException {
    List<FileStatus> entries = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    try (DirectoryStream<java.nio.file.Path> stream =
        Files.newDirectoryStream(Locations.local(directory))) {
      for (java.nio.file.Path file : stream) {
        String name = file.getFileName().toString();
        if (!isKnown(file, name)) {
          unknown.add(name);
          continue;
        }
        entries.add(status(what, Locations.child(directory, name), file));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    if (!unknown.isEmpty()) {
      throw unknownNames(what, unknown, directory);
    }
    return entries.toArray(FileStatus[]::new);
  }

  private static FileStatus status(String what, Path path, java.nio.file.Path file)
      throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      if (ImageFiles.isImage(path.getName()) && !isHiddenImage(path.getName())) {
        throw Locations.unreachable(what, "a file", path, e);
      }
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
    return new FileStatus(
        attributes.size(),
        attributes.isDirectory(),
        1,
        attributes.size(),
        attributes.lastModifiedTime().toMillis(),
        path);
  }

  /** Whether the name as a text leads back to the file. */
  private static boolean isKnown(java.nio.file.Path file, String name) {
    try {
      return file.resolveSibling(name).equals(file)
          && (Locations.takesAllNames() || name.chars().allMatch(unit -> unit <= LAST_ASCII));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static DataException unknownNames(String what, List<String> names, Path directory) {
    names.sort(CODE_POINTS);
    String found =
        names.size()
            + (names.size() == 1 ? " name, " : " names, such as ")
            + names.get(0)
            + ", in "
            + directory;
    return new DataException(
        "Cannot read "
            + what
            + ": expected "
            + (Locations.takesAllNames()
                ? "names in UTF-8, found " + found + ", in another encoding. Rename: convmv does."
                : "names that this process can open, found "
                    + found
                    + ", beyond its character set "
                    + System.getProperty("sun.jnu.encoding")
                    + ". Set LC_ALL=C.UTF-8 where Java is started."));
  }

  /** True for names that tools use for their own folders, and for files that are no images. */
  static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  /** True for what a tool keeps for itself among images. */
  static boolean isHidden(FileStatus entry) {
    String name = entry.getPath().getName();
    boolean isImage = !entry.isDirectory() && ImageFiles.isImage(name);
    return isImage ? isHiddenImage(name) : isHidden(name);
  }

  /** Cameras that are set to Adobe RGB begin names of photographs with an underline. */
  private static boolean isHiddenImage(String name) {
    return name.startsWith(".");
  }
}
