package dev.convoy.driver.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.convoy.data.Cancellation;
import dev.convoy.driver.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * What Ctrl-C does. The latest checkpoint is whole at any moment, so nothing needs to be saved;
 * what the stopping cluster complains of is not for the user. Work on this machine ends between two
 * batches or images, and when Spark, locks and file systems have cleaned up the process ends at
 * once.
 */
final class Interruption {
  private static volatile Work running;
  private static volatile boolean underWay;

  /** After all others, of which those of file systems come last. */
  private static final int LAST_PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY - 1;

  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  static {
    Thread saying = new Thread(Interruption::say, "convoy-interruption");
    Runtime.getRuntime().addShutdownHook(saying);
    ShutdownHookManager.get().addShutdownHook(() -> end(saying), LAST_PRIORITY);
  }

  private record Work(String location, Progress progress) {}

  private Interruption() {}

  private static void say() {
    Cancellation.request();
    Work work = running;
    if (work != null) {
      underWay = true;
      Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.OFF);
      work.progress()
          .sayLast(
              "interrupted; give the same command again to go on from the latest checkpoint in "
                  + work.location());
      // Spark prints what its stopping threads come to.
      System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
    }
  }

  /**
   * Ends the process where a signal has interrupted its work. Hadoop would read its configuration
   * from the start to learn how long it may wait for hooks, all of which have run.
   */
  private static void end(Thread saying) {
    try {
      saying.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (underWay) {
      Stream<String> threads = Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
      exitCode(threads).ifPresent(Runtime.getRuntime()::halt);
    }
  }

  /**
   * The exit code by which processes tell of the signal that ends them.
   *
   * @param threads names of all threads, of which the JVM has one for a signal that it handles
   * @return empty where no signal ends the process
   */
  static OptionalInt exitCode(Stream<String> threads) {
    return threads
        .mapToInt(
            name ->
                switch (name) {
                  case "SIGINT handler" -> 128 + SIGINT;
                  case "SIGTERM handler" -> 128 + SIGTERM;
                  default -> 0;
                })
        .filter(code -> code > 0)
        .findFirst();
  }

  /** Whether the process is ending because it was interrupted in its work. */
  static boolean isUnderWay() {
    return underWay;
  }

  /** Does work that can be gone on with from a run directory. */
  static <T> T resumable(String location, Progress progress, Supplier<T> work) {
    running = new Work(location, progress);
    try {
      return work.get();
    } finally {
      running = null;
    }
  }
}
