package dev.convoy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of limited size, in memory. It takes a root's rights. */
public final class SmallDisk implements AutoCloseable {
  private static final long SECONDS = 10;

  private final Path directory;

  /**
   * Mounts it.
   *
   * @param directory an empty one
   * @param megabytes that it holds
   */
  public SmallDisk(Path directory, int megabytes) {
    this.directory = directory;
    require("mount", "-t", "tmpfs", "-o", size(megabytes), "convoy-test", directory.toString());
  }

  /** Whether this process may make one. */
  public static boolean isPossible() {
    String directory = Runs.newDirectory("disk-tried").toString();
    return succeeds("mount", "-t", "tmpfs", "-o", size(1), "convoy-test", directory)
        && succeeds("umount", directory);
  }

  private static String size(int megabytes) {
    return "size=" + megabytes + "m";
  }

  /** Makes room. */
  public void resize(int megabytes) {
    require("mount", "-o", "remount," + size(megabytes), directory.toString());
  }

  private static void require(String... command) {
    if (!succeeds(command)) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }

  private static boolean succeeds(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    // Whoever still has a file open there keeps it, and nobody waits for that.
    succeeds("umount", "-l", directory.toString());
  }
}
