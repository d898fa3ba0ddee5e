package dev.convoy;

import dev.convoy.driver.command.CommandLineInterface;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command in this JVM: as the application does it, without the time that a process takes. */
final class Command {
  private Command() {}

  /** Runs an experiment with what differs from it. */
  static Ended run(String command, String experiment, Path output, String... overrides) {
    List<String> arguments = new ArrayList<>(List.of(command, experiment, "output=" + output));
    arguments.addAll(List.of(overrides));
    return run(arguments.toArray(String[]::new));
  }

  /** Runs a command; stdout and stderr are the test's meanwhile. */
  static Ended run(String... arguments) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    PrintStream outputBefore = System.out;
    PrintStream messagesBefore = System.err;
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(messages, true, StandardCharsets.UTF_8));
    try {
      int exitCode = CommandLineInterface.run(arguments);
      return new Ended(
          exitCode,
          output.toString(StandardCharsets.UTF_8),
          messages.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outputBefore);
      System.setErr(messagesBefore);
    }
  }
}
