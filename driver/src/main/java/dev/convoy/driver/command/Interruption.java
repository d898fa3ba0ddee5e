package dev.convoy.driver.command;

import java.util.concurrent.atomic.AtomicReference;

/** What Ctrl-C says: the checkpoint is there already, so nothing needs to be done. */
final class Interruption {
  private static final AtomicReference<String> RUNNING = new AtomicReference<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  String location = RUNNING.get();
                  if (location != null) {
                    System.err.println(
                        "\ninterrupted; give the same command again to go on from the latest"
                            + " checkpoint in "
                            + location);
                  }
                },
                "convoy-interruption"));
  }

  private Interruption() {}

  static void announce(String location) {
    RUNNING.set(location);
  }

  static void over() {
    RUNNING.set(null);
  }
}
