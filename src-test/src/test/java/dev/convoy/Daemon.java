package dev.convoy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;

/** A process of Spark's own, from the class path of a Spark without Convoy. */
public final class Daemon implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long POLL_MILLIS = 10;

  private final Process process;
  private final Path log;

  /**
   * Starts it.
   *
   * @param directory for its log
   * @param type its main class
   */
  public Daemon(Path directory, String type, List<String> arguments) {
    this(
        directory,
        List.of(),
        type,
        arguments,
        Application.home().resolve("driver/target/application"),
        "");
  }

  /**
   * Starts one of another Spark.
   *
   * @param prefix of its command, such as one that puts it into another network
   * @param spark with its jars in a directory of that name
   * @param configuration a directory in front of its class path; empty for none
   */
  public Daemon(
      Path directory,
      List<String> prefix,
      String type,
      List<String> arguments,
      Path spark,
      String configuration) {
    List<String> command = new ArrayList<>(prefix);
    command.add("java");
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            configuration.isEmpty() ? spark + "/jars/*" : configuration + ":" + spark + "/jars/*",
            type));
    command.addAll(arguments);
    try {
      log = Files.createTempFile(directory, "daemon", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("SPARK_HOME", spark.toString());
      builder.environment().put("SPARK_SCALA_VERSION", "2.12");
      if (!configuration.isEmpty()) {
        builder.environment().put("SPARK_CONF_DIR", configuration);
      }
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What of its log matches first. */
  public String awaitMessage(String pattern) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try {
      while (true) {
        String messages = Files.readString(log);
        Matcher found = Pattern.compile(pattern).matcher(messages);
        if (found.find()) {
          return found.group();
        }
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new AssertionError("expected " + pattern + " in the log; found:\n" + messages);
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Its process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Ends it and what it started, and waits: their files are deleted next. */
  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(handle -> handle.onExit().join());
  }
}
