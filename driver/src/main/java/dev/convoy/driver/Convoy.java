package dev.convoy.driver;

import dev.convoy.driver.command.CommandLineInterface;

/** The application's entry, for {@code java} and {@code spark-submit} alike. */
public final class Convoy {
  private Convoy() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(CommandLineInterface.run(arguments));
  }
}
