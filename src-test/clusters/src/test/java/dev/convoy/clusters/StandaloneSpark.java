package dev.convoy.clusters;

import dev.convoy.Application;
import dev.convoy.Daemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A master and its workers, each a process, which share a secret with whoever submits to them. */
final class StandaloneSpark implements AutoCloseable {
  static final String SECRET = "not-to-be-seen-4711";

  private final Machine here;
  private final SparkHome spark;
  private final Daemon master;
  private final String address;
  private final List<Daemon> workers = new ArrayList<>();

  /**
   * A machine of the cluster.
   *
   * @param host by which the others reach it
   * @param prefix of commands that are run there; none for this one
   */
  record Machine(String host, List<String> prefix) {
    static final Machine THIS = new Machine("localhost", List.of());
  }

  /** Starts a master and so many workers here. */
  StandaloneSpark(Path directory, int workers) {
    this(directory, Machine.THIS, Collections.nCopies(workers, Machine.THIS));
  }

  /** Starts a master and one worker here, with GPUs that a script lists. */
  StandaloneSpark(Path directory, Path script, int gpus) {
    this(
        directory,
        Machine.THIS,
        List.of(Machine.THIS),
        List.of(
            "spark.worker.resource.gpu.amount " + gpus,
            "spark.worker.resource.gpu.discoveryScript " + script));
  }

  /**
   * Starts them.
   *
   * @param directory for all that they write
   * @param here where the master is, and drivers are
   * @param machines one for each worker
   */
  StandaloneSpark(Path directory, Machine here, List<Machine> machines) {
    this(directory, here, machines, List.of());
  }

  private StandaloneSpark(
      Path directory, Machine here, List<Machine> machines, List<String> settings) {
    this.here = here;
    spark = SparkHome.in(directory.resolve("spark"));
    Path conf = spark.directory().resolve("conf");
    try {
      Path secrets = conf.resolve("spark-defaults.conf");
      List<String> lines = new ArrayList<>(settings);
      lines.add("spark.authenticate true");
      lines.add("spark.authenticate.secret " + SECRET);
      Files.write(secrets, lines);
      Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    master =
        daemon(
            directory,
            "org.apache.spark.deploy.master.Master",
            List.of("--host", here.host(), "--port", "0", "--webui-port", "0"),
            here);
    address = master.awaitMessage("spark://" + here.host() + ":\\d+");
    for (Machine machine : machines) {
      Daemon daemon =
          daemon(
              directory,
              "org.apache.spark.deploy.worker.Worker",
              List.of(
                  "--host",
                  machine.host(),
                  "--webui-port",
                  "0",
                  "--cores",
                  "2",
                  "--memory",
                  "4g",
                  "--work-dir",
                  directory.resolve("work-" + workers.size()).toString(),
                  address),
              machine);
      daemon.awaitMessage("Successfully registered with master");
      workers.add(daemon);
    }
  }

  private Daemon daemon(Path directory, String type, List<String> arguments, Machine machine) {
    return new Daemon(
        directory,
        machine.prefix(),
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
    return submit(options, more, Map.of(), arguments);
  }

  /** The same with more variables of the submitting process's environment. */
  Application submit(
      List<String> options, String more, Map<String, String> variables, String... arguments) {
    List<String> all = new ArrayList<>(options);
    all.add(address);
    all.addAll(List.of(arguments));
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("SPARK_HOME", spark.directory().toString());
    environment.put(
        "CONVOY_SUBMIT_OPTIONS",
        "--conf spark.driver.host=" + here.host() + " --conf spark.executor.cores=1 " + more);
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
        .filter(process -> CommandLines.isJavaOf(process, className));
  }

  @Override
  public void close() {
    workers.forEach(Daemon::close);
    master.close();
  }
}
