package dev.convoy.data.format;

import dev.convoy.data.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/**
 * Turns what people write as a place into a path of a Hadoop file system, and says why a place
 * cannot be reached.
 *
 * <p>A place is a URI where it begins with {@code scheme:/}. Everything else is a name of the
 * default file system, whatever characters it holds: Hadoop's own {@code new Path(text)} takes
 * {@code 12:30.png} for a URI and refuses it. A relative name that begins like a URI is written
 * {@code ./scheme:/}.
 */
public final class Locations {
  private static final Pattern URI = Pattern.compile("(?s)[A-Za-z][A-Za-z0-9+.-]+:/.*");
  private static final String LOCAL = "file";

  /**
   * The key of a setting of Hadoop: the directory of this machine at which relative places begin.
   * Without it that is where the process was started. Executors are started elsewhere than the
   * driver.
   */
  public static final String WORKING_DIRECTORY = "convoy.working-directory";

  private Locations() {}

  /**
   * The path that a text names.
   *
   * @throws IllegalArgumentException when it is empty, or a URI that breaks the rules of URIs
   */
  public static Path path(String text) {
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      throw unusable(text, "found " + (text.isEmpty() ? "nothing" : "a NUL character"), null);
    }
    try {
      return isUri(text) ? new Path(text) : new Path(null, null, text);
    } catch (IllegalArgumentException e) {
      throw unusable(text, "found a mistake: " + e.getMessage(), e);
    }
  }

  /**
   * A place in which {@code ~}, alone or before a slash, is the home directory, as shells have it.
   *
   * @throws IllegalArgumentException for the home of somebody else
   */
  public static String expandHome(String text) {
    if (!text.startsWith("~")) {
      return text;
    }
    if (text.length() > 1 && text.charAt(1) != '/') {
      throw unusable(
          text, "found the home of another user; a name that begins with ~ is ./~…", null);
    }
    return System.getProperty("user.home") + text.substring(1);
  }

  /** True for a place that names its file system. */
  public static boolean isUri(String text) {
    return URI.matcher(text).matches();
  }

  /** The file or folder of that name in a folder; the name may hold any character. */
  public static Path child(Path folder, String name) {
    return new Path(folder, new Path(null, null, name));
  }

  /** What a text names when it is written in a file of {@code folder}, to which it is relative. */
  public static Path resolve(Path folder, String text) {
    Path path = path(text);
    return folder == null || isUri(text) ? path : new Path(folder, path);
  }

  /**
   * A path as it is opened where others than the driver read: a relative one of this machine's file
   * system begins at the driver's {@link #WORKING_DIRECTORY}.
   */
  static Path onExecutor(Path path, Configuration hadoop) {
    String directory = hadoop.getRaw(WORKING_DIRECTORY);
    boolean isLocal = LOCAL.equals(FileSystem.getDefaultUri(hadoop).getScheme());
    return directory == null || path.isAbsolute() || !isLocal
        ? path
        : new Path(path(directory), path);
  }

  /**
   * The file system to read a path from. This machine's is the one without Hadoop's checksum files,
   * which cannot have a colon in their names.
   *
   * @throws MissingLibraryException when its library is not on the class path
   * @throws DataException when there is none of that scheme, or its host is not found
   */
  public static FileSystem fileSystem(String what, Path path, Configuration hadoop)
      throws IOException {
    try {
      FileSystem files = path.getFileSystem(hadoop);
      return files instanceof LocalFileSystem local ? local.getRaw() : files;
    } catch (IOException | RuntimeException | LinkageError e) {
      requireLibrary(path, e);
      if (e instanceof LinkageError error) {
        throw error;
      }
      throw unreachable(what, "files", path, (Exception) e);
    }
  }

  /**
   * A file system of one's own to write to, to be closed.
   *
   * @throws MissingLibraryException when its library is not on the class path
   */
  public static FileSystem newFileSystem(Path path, Configuration hadoop) throws IOException {
    try {
      return FileSystem.newInstance(path.toUri(), hadoop);
    } catch (IOException | RuntimeException | LinkageError e) {
      requireLibrary(path, e);
      throw e;
    }
  }

  private static void requireLibrary(Path path, Throwable failure) {
    Optional<MissingLibraryException> missing = MissingLibraryException.reasonOf(path, failure);
    if (missing.isPresent()) {
      throw missing.get();
    }
  }

  /** True for paths of this machine's own file system. */
  static boolean isLocal(FileSystem files) {
    return files.getUri().getScheme().equals(LOCAL);
  }

  /** This machine's file of a path of its own file system. */
  static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  /** True when this JVM can open files whose names have characters beyond ASCII. */
  static boolean takesAllNames() {
    return StandardCharsets.UTF_8.name().equals(System.getProperty("sun.jnu.encoding"));
  }

  /**
   * Says why a place cannot be read. A failure that a retry may mend is thrown as it came.
   *
   * @param what what the place should hold, for messages: {@code an image folder}
   * @param expected what it should be, for messages: {@code a directory}
   * @param failure what Hadoop answered
   * @throws IOException the failure, where there is no better word for it
   */
  static DataException unreachable(String what, String expected, Path path, Exception failure)
      throws IOException {
    return new DataException(
        "Cannot read " + what + ": expected " + expected + ", found " + reason(path, failure) + ".",
        failure);
  }

  private static String reason(Path path, Exception failure) throws IOException {
    String scheme = path.toUri().getScheme();
    if (has(failure, ClassNotFoundException.class)) {
      return "no library for "
          + scheme
          + "://, for "
          + path
          + ". Put it on the class path of the driver and the executors";
    }
    if (has(failure, UnsupportedFileSystemException.class)) {
      return "no file system of the scheme "
          + scheme
          + "://, for "
          + path
          + ". Check the scheme; a local file's path begins with / or file:/";
    }
    if (has(failure, UnknownHostException.class)) {
      return "no host " + path.toUri().getHost() + ", for " + path + ". Check the host's name";
    }
    if (has(failure, ConnectException.class)) {
      return "nobody who answers at "
          + path.toUri().getAuthority()
          + ", for "
          + path
          + ". Check the host and the port, and that the service is up";
    }
    if (String.valueOf(failure).contains("NoAuth") || causeNamed(failure, "NoAuth")) {
      return "no credentials for "
          + path
          + ". Set them (for s3a: spark.conf.\"spark.hadoop.fs.s3a.access.key\" and secret.key, or"
          + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)";
    }
    if (has(failure, AccessControlException.class)
        || has(failure, AccessDeniedException.class)
        || String.valueOf(failure.getMessage()).contains("Permission denied")) {
      return denied(path);
    }
    boolean isMissing =
        has(failure, FileNotFoundException.class) || has(failure, NoSuchFileException.class);
    if (isMissing && !lacksHandles(failure)) {
      return missing(path);
    }
    if (failure instanceof IOException transientFailure) {
      throw transientFailure;
    }
    throw (RuntimeException) failure;
  }

  /** Why a path is not there, as far as this machine can tell. */
  private static String missing(Path path) {
    String scheme = path.toUri().getScheme();
    if (scheme == null || scheme.equals(LOCAL)) {
      try {
        java.nio.file.Path file = local(path);
        if (Files.isSymbolicLink(file)) {
          return "a symbolic link to "
              + Files.readSymbolicLink(file)
              + ", which is not there, in "
              + path
              + ". Mend or remove the link";
        }
        Files.readAttributes(file, BasicFileAttributes.class);
        if (!Files.isReadable(file)) {
          return denied(path);
        }
      } catch (AccessDeniedException e) {
        return denied(path);
      } catch (InvalidPathException e) {
        return "a name that this process cannot read, since its character set is "
            + System.getProperty("sun.jnu.encoding")
            + ", in "
            + path
            + ". Set LC_ALL=C.UTF-8 on the driver and the executors";
      } catch (IOException e) {
        // not there, as was said
      }
    }
    return "nothing, in "
        + path
        + ". Check the path, and that it was not moved since the run began";
  }

  private static String denied(Path path) {
    return "no permission to read it, in "
        + path
        + ". Let this user read it and pass through the folders above it";
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /** Java says that a file is not found where the machine has no handle left to open it. */
  private static boolean lacksHandles(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("Too many open files")) {
        return true;
      }
    }
    return false;
  }

  private static boolean causeNamed(Throwable failure, String part) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getClass().getSimpleName().contains(part)) {
        return true;
      }
    }
    return false;
  }

  private static IllegalArgumentException unusable(String text, String found, Throwable cause) {
    return new IllegalArgumentException(
        "Cannot use \""
            + text
            + "\" as a place: expected a path, or a URI such as hdfs://host/path, "
            + found
            + ". Correct it",
        cause);
  }
}
