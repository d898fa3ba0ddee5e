package dev.convoy.driver.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** This machine's python, to compare with what it computes. */
public final class Python {
  private static final List<String> CANDIDATES = List.of("python3", "/usr/bin/python3");
  private static final long SECONDS = 120;

  private final String executable;

  private Python(String executable) {
    this.executable = executable;
  }

  /** One that has a module; the test is left out where there is none. */
  public static Python with(String module) throws IOException, InterruptedException {
    Optional<Python> found = Optional.empty();
    for (String candidate : CANDIDATES) {
      if (found.isEmpty() && has(candidate, module)) {
        found = Optional.of(new Python(candidate));
      }
    }
    assumeTrue(
        found.isPresent(), "no python3 with " + module + " (Debian: python3-" + module + ")");
    return found.orElseThrow();
  }

  private static boolean has(String candidate, String module)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("python-", ".txt");
    try {
      return run(log, List.of(candidate, "-c", "import " + module)) == 0;
    } catch (IOException e) {
      return false; // no such python
    } finally {
      Files.delete(log);
    }
  }

  /**
   * Runs a script that lies beside a test, which must succeed.
   *
   * @param directory for a copy of it
   */
  public void run(Path directory, Class<?> test, String script, String... arguments)
      throws IOException, InterruptedException {
    Path copy = directory.resolve(script);
    try (InputStream in = test.getResourceAsStream(script)) {
      Files.copy(in, copy);
    }
    List<String> all = new ArrayList<>(List.of(copy.toString()));
    all.addAll(List.of(arguments));
    run(directory, all.toArray(String[]::new));
  }

  /**
   * Runs it, which must succeed.
   *
   * @param directory for its log
   * @return what it wrote
   */
  public String run(Path directory, String... arguments) throws IOException, InterruptedException {
    Path log = directory.resolve("python.txt");
    List<String> command = new ArrayList<>(List.of(executable));
    command.addAll(List.of(arguments));
    int status = run(log, command);
    assertThat(status).as(Files.readString(log)).isZero();
    return Files.readString(log);
  }

  private static int run(Path log, List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("Cannot compare with python: it takes over " + SECONDS + " seconds.");
    }
    return process.exitValue();
  }
}
