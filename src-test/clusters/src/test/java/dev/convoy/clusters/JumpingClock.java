package dev.convoy.clusters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A clock that jumps, for processes that are started with a library in front of the system's. It
 * takes a compiler of C.
 */
final class JumpingClock {
  private static final String LIBRARY = "LD_PRELOAD";
  private static final String FILE = "CONVOY_TEST_CLOCK";

  /**
   * While there is the file, the time of day is an hour later; clocks that only run do not change.
   */
  private static final String SOURCE =
      """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <stdlib.h>
      #include <sys/time.h>
      #include <time.h>
      #include <unistd.h>

      static long shift(void) {
        const char *file = getenv("CONVOY_TEST_CLOCK");
        return file && access(file, F_OK) == 0 ? 3600 : 0;
      }

      int clock_gettime(clockid_t clock, struct timespec *time) {
        static int (*system)(clockid_t, struct timespec *);
        if (!system) system = dlsym(RTLD_NEXT, "clock_gettime");
        int result = system(clock, time);
        if (clock == CLOCK_REALTIME) time->tv_sec += shift();
        return result;
      }

      int gettimeofday(struct timeval *time, void *zone) {
        static int (*system)(struct timeval *, void *);
        if (!system) system = dlsym(RTLD_NEXT, "gettimeofday");
        int result = system(time, zone);
        time->tv_sec += shift();
        return result;
      }
      """;

  private final Path library;
  private final Path file;

  /**
   * Compiles the library.
   *
   * @param directory for it
   */
  JumpingClock(Path directory) {
    try {
      Path source = Files.writeString(directory.resolve("clock.c"), SOURCE);
      library = directory.resolve("clock.so");
      file = directory.resolve("an-hour-later");
      int code = run("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
      if (code != 0) {
        throw new IllegalStateException("cc ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this machine has a compiler. */
  static boolean isPossible() {
    try {
      return run("cc", "--version") == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** For a driver. */
  Map<String, String> environment() {
    return Map.of(LIBRARY, library.toString(), FILE, file.toString());
  }

  /** Options of spark-submit, for its executors. */
  String ofExecutors() {
    return " --conf spark.executorEnv."
        + LIBRARY
        + "="
        + library
        + " --conf spark.executorEnv."
        + FILE
        + "="
        + file;
  }

  /** By an hour. */
  void jumpForward() {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To where it was. */
  void jumpBack() {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
