package dev.convoy.driver.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.convoy.data.Cancellation;
import dev.convoy.driver.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Supplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * What Ctrl-C does. The latest checkpoint is whole at any moment, so nothing needs to be saved;
 * what the stopping cluster complains of is not for the user. Work on this machine ends between two
 * batches or images.
 */
final class Interruption {
  private static volatile Work running;
  private static volatile boolean underWay;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Interruption::say, "convoy-interruption"));
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
