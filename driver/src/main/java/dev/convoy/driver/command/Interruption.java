package dev.convoy.driver.command;

import java.util.function.Supplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * What Ctrl-C says. The latest checkpoint is whole at any moment, so nothing needs to be saved;
 * what the stopping cluster complains of is not for the user.
 */
final class Interruption {
  private static volatile String running;
  private static volatile boolean underWay;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Interruption::say, "convoy-interruption"));
  }

  private Interruption() {}

  private static void say() {
    String location = running;
    if (location != null) {
      underWay = true;
      Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.OFF);
      System.err.println(
          "\ninterrupted; give the same command again to go on from the latest checkpoint in "
              + location);
    }
  }

  /** Whether the process is ending because it was interrupted in its work. */
  static boolean isUnderWay() {
    return underWay;
  }

  /** Does work that can be gone on with from a run directory. */
  static <T> T resumable(String location, Supplier<T> work) {
    running = location;
    try {
      return work.get();
    } finally {
      running = null;
    }
  }
}
