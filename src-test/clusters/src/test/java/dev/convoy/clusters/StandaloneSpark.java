package dev.convoy.clusters;

import dev.convoy.Application;
import dev.convoy.Daemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A master and its workers, each a process, which share a secret with whoever submits to them. */
final class StandaloneSpark implements AutoCloseable {
  static final String SECRET = "not-to-be-seen-4711";

  private final SparkHome spark;
  private final Daemon master;
  private final String address;
  private final List<Daemon> workers = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param directory for all that they write
   * @param workers how many, with a core each
   */
  StandaloneSpark(Path directory, int workers) {
    spark = SparkHome.in(directory.resolve("spark"));
    Path conf = spark.directory().resolve("conf");
    try {
      Path secrets = conf.resolve("spark-defaults.conf");
      Files.writeString(secrets, "spark.authenticate true\nspark.authenticate.secret " + SECRET);
      Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    master =
        daemon(
            directory,
            "org.apache.spark.deploy.master.Master",
            List.of("--host", "localhost", "--port", "0", "--webui-port", "0"));
    address = master.awaitMessage("spark://localhost:\\d+");
    for (int worker = 0; worker < workers; worker++) {
      Daemon daemon =
          daemon(
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
                  "4g",
                  "--work-dir",
                  directory.resolve("work-" + worker).toString(),
                  address));
      daemon.awaitMessage("Successfully registered with master");
      this.workers.add(daemon);
    }
  }

  private Daemon daemon(Path directory, String type, List<String> arguments) {
    return new Daemon(
        directory,
        type,
        arguments,
        spark.directory(),
        spark.directory().resolve("conf").toString());
  }

  /**
   * Submits a command.
   *
   * @param options of the script, before the master
   * @param more options of spark-submit
   */
  Application submit(List<String> options, String more, String... arguments) {
    List<String> all = new ArrayList<>(options);
    all.add(address);
    all.addAll(List.of(arguments));
    Map<String, String> environment = new HashMap<>();
    environment.put("SPARK_HOME", spark.directory().toString());
    environment.put(
        "CONVOY_SUBMIT_OPTIONS",
        "--conf spark.driver.host=localhost --conf spark.executor.cores=1 " + more);
    return Application.startScript("submit-standalone", environment, all.toArray(String[]::new));
  }

  /** The executors that its workers have started and that live. */
  Stream<ProcessHandle> executors() {
    return processes("CoarseGrainedExecutorBackend");
  }

  /** The drivers that its workers have started and that live. */
  Stream<ProcessHandle> drivers() {
    return processes("DriverWrapper");
  }

  private Stream<ProcessHandle> processes(String className) {
    return workers.stream()
        .flatMap(worker -> worker.handle().descendants())
        .filter(
            process ->
                process.info().commandLine().filter(line -> line.contains(className)).isPresent());
  }

  @Override
  public void close() {
    workers.forEach(Daemon::close);
    master.close();
  }
}
