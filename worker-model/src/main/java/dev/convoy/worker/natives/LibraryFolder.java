package dev.convoy.worker.natives;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Stream;

/**
 * A folder with unpacked native libraries that processes share: the first one unpacks them, and
 * others wait for it; when all are there, nobody waits.
 *
 * <p>Who loads libraries holds a lock, shared or not; JavaCPP's own is held for one file at a time,
 * and not for the links between files. The system frees it when a process is killed. What was being
 * unpacked then does not count as complete, and JavaCPP unpacks a file again whose length or time
 * is not that in its jar.
 */
final class LibraryFolder {
  /** OpenBLAS is unpacked twice, under two names. */
  private static final double ROOM_FACTOR = 1.15;

  private final Path folder;
  private final NativeJars jars;

  private LibraryFolder(Path folder, NativeJars jars) {
    this.folder = folder;
    this.jars = jars;
  }

  /** Somewhere to unpack to. */
  interface Place {
    /**
     * Makes sure of the folder.
     *
     * @throws IOException if it cannot be used, with the reason
     */
    Path make() throws IOException;
  }

  /** What loads the libraries, with what is in the folder or unpacking it. */
  interface Loading {
    void from(Path folder);
  }

  /**
   * Loads libraries from the first place that can be used.
   *
   * @throws NativeLibrariesException if none can
   */
  static void load(List<Place> places, NativeJars jars, Loading loading) {
    StringBuilder problems = new StringBuilder();
    IOException last = null;
    for (Place place : places) {
      try {
        new LibraryFolder(place.make(), jars).load(loading);
        return;
      } catch (IOException e) {
        problems.append(problems.isEmpty() ? "" : "; ").append(reason(e));
        last = e;
      }
    }
    throw new NativeLibrariesException(
        "Cannot unpack the native libraries: expected a folder to write "
            + mebibytes(Math.round(jars.size() * ROOM_FACTOR))
            + " to, found none: "
            + problems
            + ". Make room, or name another with"
            + " -Dorg.bytedeco.javacpp.cachedir=… in CONVOY_JAVA_OPTIONS, and for a cluster in"
            + " spark.executor.extraJavaOptions.",
        last);
  }

  /** Java's messages of file system exceptions are the path alone where the system gives none. */
  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    return e.getClass() == IOException.class
        ? message
        : e.getClass().getSimpleName().replace("Exception", "") + " " + message;
  }

  private void load(Loading loading) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("convoy.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      if (!loadIfComplete(channel, loading)) {
        unpackAndLoad(channel, loading);
      }
    }
  }

  private boolean loadIfComplete(FileChannel channel, Loading loading) throws IOException {
    FileLock lock = channel.lock(0, Long.MAX_VALUE, true);
    try {
      boolean complete = isComplete();
      if (complete) {
        loading.from(folder);
      }
      return complete;
    } finally {
      lock.release();
    }
  }

  private void unpackAndLoad(FileChannel channel, Loading loading) throws IOException {
    FileLock lock = channel.lock();
    try {
      if (!isComplete()) {
        requireRoom();
        Files.deleteIfExists(completion());
        Files.createFile(completion());
      }
      loading.from(folder);
      Files.writeString(completion(), content());
    } finally {
      lock.release();
    }
  }

  private Path completion() {
    return folder.resolve("convoy.complete");
  }

  private boolean isComplete() throws IOException {
    try {
      return Files.readString(completion()).equals(content());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Jars say times without their zone: in another one JavaCPP takes each file for another. */
  private String content() {
    return String.join("\n", jars.sizes().keySet()) + "\n" + TimeZone.getDefault().getID() + "\n";
  }

  private void requireRoom() throws IOException {
    long wanted = Math.round(jars.size() * ROOM_FACTOR) - unpacked();
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < wanted) {
      throw new IOException(folder + " has " + mebibytes(room) + " left");
    }
  }

  private long unpacked() throws IOException {
    long bytes = 0;
    for (String jar : jars.sizes().keySet()) {
      Path libraries = folder.resolve(jar);
      if (Files.isDirectory(libraries)) {
        try (Stream<Path> files = Files.walk(libraries)) {
          bytes +=
              files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
      }
    }
    return bytes;
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
