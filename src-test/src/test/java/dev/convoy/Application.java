package dev.convoy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The real application as a child process, started by its launcher. Closing it ends it and all that
 * it started.
 */
public final class Application implements AutoCloseable {
  /** An override: executors of their own, which end before the second compiler would pay. */
  static final String TWO_EXECUTORS =
      "spark={master=\"local-cluster[2,1,600]\", conf.spark.executor={memory=600m,"
          + " extraJavaOptions=\"-XX:TieredStopAtLevel=1\"}}";

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final long POLL_MILLIS = 2;
  private static final int SIGINT = 2;

  private final Process process;
  private final Path output;
  private final Path messages;

  private Application(Process process, Path output, Path messages) {
    this.process = process;
    this.output = output;
    this.messages = messages;
  }

  /** The root of the project, where the launcher's directory is. */
  public static Path home() {
    return Path.of(System.getProperty("convoy.home")).toAbsolutePath().normalize();
  }

  /** Starts a command in a JVM with a small heap. */
  public static Application start(String... arguments) {
    return start(Map.of(), arguments);
  }

  /** Starts a command with more environment variables. */
  public static Application start(Map<String, String> environment, String... arguments) {
    return startScript("convoy", environment, arguments);
  }

  /** Starts a script of the launcher's directory, with more environment variables. */
  public static Application startScript(
      String script, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(home().resolve("submit-scripts").resolve(script).toString());
    command.addAll(List.of(arguments));
    try {
      Path directory = Runs.newDirectory("process");
      Path output = directory.resolve("stdout");
      Path messages = directory.resolve("stderr");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(messages.toFile());
      // Short runs end before the second compiler would pay.
      builder
          .environment()
          .put(
              "CONVOY_JAVA_OPTIONS",
              "-Xmx512m -XX:TieredStopAtLevel=1 '-Djava.io.tmpdir="
                  + Runs.newDirectory("tmp")
                  + "'"
                  + locale());
      builder.environment().putAll(environment);
      return new Application(builder.start(), output, messages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Options that give the application this JVM's locale. */
  private static String locale() {
    return Stream.of("user.language", "user.country", "user.extensions")
        .filter(name -> System.getProperty(name) != null)
        .map(name -> " -D" + name + "=" + System.getProperty(name))
        .collect(Collectors.joining());
  }

  /** Starts a command and waits for its end. */
  public static Ended run(String... arguments) {
    try (Application application = start(arguments)) {
      return application.end();
    }
  }

  /** The JVM's process: the launcher becomes it. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Waits for the end. */
  public Ended end() {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(
            "expected an end within " + LIMIT + "; stderr so far:\n" + messages());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new Ended(process.exitValue(), read(output), messages());
  }

  /** Waits for so long, or for its end; returns whether it has ended. */
  public boolean endsWithin(long milliseconds) throws InterruptedException {
    return process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
  }

  /** Waits until something is so; fails if the application ends before. */
  public void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError(
            "expected " + what + " while the application runs; stderr:\n" + messages());
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Kills it as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    end();
  }

  /** Interrupts it as Ctrl-C does; returns whether it heeds that, which background jobs do not. */
  public boolean interrupt() {
    if (ignoresInterrupts()) {
      return false;
    }
    signal("INT");
    return true;
  }

  /** Stops it where it is; it still lives. */
  public void suspend() {
    signal("STOP");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean ignoresInterrupts() {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    return read(status)
        .lines()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> line.substring("SigIgn:".length()).strip())
        .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) >> (SIGINT - 1) & 1) == 1);
  }

  /** What it has said so far. */
  public String messages() {
    return read(messages);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
