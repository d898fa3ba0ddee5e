package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneClusterTest {
  @Test
  void executorsThatHaveSparkAloneAreBroughtTheRest(@TempDir Path directory) {
    try (Daemon master =
        new Daemon(
            directory,
            "org.apache.spark.deploy.master.Master",
            List.of("--host", "localhost", "--port", "0", "--webui-port", "0"))) {
      String address = master.awaitMessage("spark://localhost:\\d+");
      try (Daemon worker =
          new Daemon(
              directory,
              "org.apache.spark.deploy.worker.Worker",
              List.of(
                  "--host",
                  "localhost",
                  "--webui-port",
                  "0",
                  "--cores",
                  "2",
                  "--memory",
                  "600m",
                  "--work-dir",
                  directory.resolve("work").toString(),
                  address))) {
        worker.awaitMessage("Successfully registered with master");
        RunFiles run = Runs.newRun("standalone");
        Ended ended =
            Application.run(
                "train",
                Runs.experiment("reference.conf"),
                run.argument(),
                "spark.master=\"" + address + "\"",
                "spark.conf.spark.executor.memory=600m",
                "spark.conf.spark.executor.extraJavaOptions=\"-XX:TieredStopAtLevel=1\"",
                "spark.conf.spark.driver.host=localhost");
        assertThat(ended.exitCode()).as(ended.messages()).isZero();
        assertThat(ended.messages()).doesNotContain("lost");
        assertThat(run.parameters()).isEqualTo(Runs.reference().parameters());
      }
    }
  }

  /** A process of Spark's own, from the class path of a Spark without Convoy. */
  private static final class Daemon implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final long POLL_MILLIS = 10;

    private final Process process;
    private final Path log;

    Daemon(Path directory, String type, List<String> arguments) {
      Path spark = Application.home().resolve("driver/target/application");
      List<String> command = new ArrayList<>(List.of("java"));
      command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
      command.addAll(
          List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", spark + "/jars/*", type));
      command.addAll(arguments);
      try {
        log = Files.createTempFile(directory, "daemon", ".log");
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SPARK_HOME", spark.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        process = builder.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** What of its log matches first. */
    String awaitMessage(String pattern) {
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

    /** Ends it and what it started, and waits: their files are deleted next. */
    @Override
    public void close() {
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process.toHandle());
      all.forEach(ProcessHandle::destroyForcibly);
      all.forEach(handle -> handle.onExit().join());
    }
  }
}
