package dev.convoy.benchmark.compare;

import dev.convoy.benchmark.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code submit-scripts/convoy} as a child process, on this machine.
 *
 * @param installation where the launcher is
 * @param limitMinutes after which a command is given up
 */
public record Application(Installation installation, long limitMinutes) {
  /**
   * Runs a command to its end.
   *
   * @param log where its messages go
   * @param arguments command, configuration and overrides
   * @return seconds that the process took
   * @throws BenchmarkException if it does not succeed
   */
  public double run(Path log, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(installation.home().resolve("submit-scripts/convoy").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().remove("SPARK_SUBMIT"); // wherever that leads, it is not this machine
    try {
      Files.createDirectories(log.getParent());
      long start = System.nanoTime();
      waitFor(builder.start(), log, arguments.get(0));
      return (System.nanoTime() - start) / 1e9;
    } catch (IOException e) {
      throw new BenchmarkException(
          "Cannot start convoy %s: %s".formatted(arguments.get(0), e.getMessage()), e);
    }
  }

  private void waitFor(Process process, Path log, String command) {
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    try {
      if (!process.waitFor(limitMinutes, TimeUnit.MINUTES)) {
        throw new BenchmarkException(
            String.format(
                Locale.ROOT,
                "Cannot measure convoy %s: expected it to end within %d minutes; its messages are in %s",
                command,
                limitMinutes,
                log));
      }
      if (process.exitValue() != 0) {
        throw new BenchmarkException(
            String.format(
                Locale.ROOT,
                "Cannot measure convoy %s: expected exit code 0, found %d: %s (all of its messages: %s)",
                command,
                process.exitValue(),
                LastMessage.of(log),
                log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("Interrupted while convoy %s ran.".formatted(command), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  /** An override whose value is a path, as HOCON. */
  public static String override(String key, Path path) {
    String text = path.toAbsolutePath().toString();
    return key + "=\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
