package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.image.ImageFormat;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Listing directories in an order that is the same on every file system. */
final class Directories {
  /** Order of code points, which is the order of UTF-8 bytes but not of Java's strings. */
  static final Comparator<String> CODE_POINTS =
      (left, right) ->
          Arrays.compareUnsigned(
              left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

  private Directories() {}

  /** What the names of image files end in, for messages. */
  static String extensions() {
    return String.join(", ", ImageFormat.decodedSuffixes());
  }

  /**
   * Image files at any depth, in no order. Lists folder by folder: Hadoop's recursive listing asks
   * for every file's owner, which on a local file system is a process each.
   */
  static List<String> imagesWithin(Path folder, Configuration hadoop) throws IOException {
    List<String> files = new ArrayList<>();
    for (FileStatus entry : folder.getFileSystem(hadoop).listStatus(folder)) {
      Path path = entry.getPath();
      if (isHidden(path.getName())) {
        continue;
      }
      if (entry.isDirectory()) {
        files.addAll(imagesWithin(path, hadoop));
      } else if (isImage(path.getName())) {
        files.add(path.toString());
      }
    }
    return files;
  }

  private static boolean isImage(String name) {
    return ImageFormat.ofName(name).filter(ImageFormat::isDecoded).isPresent();
  }

  /**
   * The entries of a directory, sorted by name.
   *
   * @param what what the directory should hold, for messages: {@code an image folder}
   */
  static FileStatus[] list(String what, Path directory, Configuration hadoop) throws IOException {
    FileStatus[] entries;
    try {
      FileStatus status = directory.getFileSystem(hadoop).getFileStatus(directory);
      if (!status.isDirectory()) {
        throw wrong(what, "a file", directory);
      }
      entries = directory.getFileSystem(hadoop).listStatus(directory);
    } catch (FileNotFoundException e) {
      throw wrong(what, "nothing", directory);
    }
    Arrays.sort(entries, Comparator.comparing(entry -> entry.getPath().getName(), CODE_POINTS));
    return entries;
  }

  /** True for names that tools use for their own files. */
  static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  private static DataException wrong(String what, String found, Path directory) {
    return new DataException(
        "Cannot read "
            + what
            + ": expected a directory, found "
            + found
            + ", in "
            + directory
            + ". Check the path.");
  }
}
