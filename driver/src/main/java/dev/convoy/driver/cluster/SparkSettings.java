package dev.convoy.driver.cluster;

import static java.util.Map.entry;

import dev.convoy.data.format.Locations;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * Spark's settings for a run: Convoy's own together with the user's, whether these come from the
 * configuration or from spark-submit. Where one value has room for both, both are there; elsewhere
 * the user's is taken, or refused if Convoy cannot work with it. Driver only.
 */
final class SparkSettings {
  /** Local mode; group 1 is the number of threads, group 2 how often a task is tried. */
  static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:\\s*,\\s*(\\d+))?])?");

  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,.*]");

  private static final String SERIALIZER = "org.apache.spark.serializer.KryoSerializer";

  /** Where NVIDIA's libraries are, for executors as for this process. */
  private static final String LIBRARIES = "CONVOY_CUDA_LIBRARIES";

  private static final String SECRET_VARIABLE = "_SPARK_AUTH_SECRET";

  /** How many executors are asked for. */
  static final String INSTANCES = "spark.executor.instances";

  /** How often a task is tried, on clusters. */
  private static final String ATTEMPTS = "spark.task.maxFailures";

  /** What is so unless the user says otherwise. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          entry("spark.serializer", SERIALIZER),
          entry("spark.kryo.registrationRequired", "true"),
          entry("spark.kryoserializer.buffer.max", "2047m"),
          // Every worker returns its parameters; their number is the user's choice.
          entry("spark.driver.maxResultSize", "0"),
          // A shard is best trained where it lies, but never in a queue while an executor idles:
          // that one packs the shard again.
          entry("spark.locality.wait", "0s"),
          entry("spark.scheduler.minRegisteredResourcesRatio", "1.0"),
          entry(ATTEMPTS, "8"),
          // Runs at once, each in a pool of its own.
          entry("spark.scheduler.mode", "FAIR"),
          entry("spark.ui.enabled", "false"),
          // Spark remembers a hundred thousand tasks for its interface: a hundred megabytes.
          entry("spark.ui.retainedJobs", "100"),
          entry("spark.ui.retainedStages", "100"),
          entry("spark.ui.retainedTasks", "2000"),
          entry("spark.ui.showConsoleProgress", "false"));

  /** ND4J's memory is bounded by the container, not by guesses from the heap's size. */
  private static final List<String> EXECUTOR_OPTIONS =
      List.of("-Dorg.bytedeco.javacpp.maxbytes=0", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");

  /**
   * Java's own choice, G1, marks the whole heap for every array of more than half a region, and a
   * round is made of such arrays. They stay for the round: by itself the parallel collector leaves
   * them two thirds of the heap, here they have four fifths.
   */
  private static final String COLLECTOR = "-XX:+UseParallelGC -XX:NewRatio=4";

  /**
   * Pictures pass through the heap, and every new page of 4 KB is waited for: with those of 2 MB
   * photographs are read in four fifths of the time. Java warns where a kernel has none. On other
   * processors than these a large page may have 512 MB.
   */
  private static final String PAGES = "-XX:+UseTransparentHugePages";

  private static final Pattern ANY_PAGES = Pattern.compile("-XX:[+-]Use\\w*(Huge|Large)Pages\\b");

  private static final Pattern ANY_COLLECTOR = Pattern.compile("-XX:\\+Use\\w*GC\\b");

  /** What spark-submit calls an application that nobody has named. */
  private static final List<String> UNNAMED = List.of("", "convoy.jar", "dev.convoy.driver.Convoy");

  /** Settings that bring the application to executors, and what separates their parts. */
  private static final Map<String, String> LISTS =
      Map.of("spark.jars", ",", "spark.executor.extraClassPath", ":");

  /** What Spark reads before the driver's JVM starts, in which the configuration is read. */
  private static final List<String> TOO_LATE =
      List.of(
          "spark.driver.memory",
          "spark.driver.extraJavaOptions",
          "spark.driver.defaultJavaOptions",
          "spark.driver.extraClassPath",
          "spark.driver.extraLibraryPath");

  private SparkSettings() {}

  /**
   * The settings of a run.
   *
   * @param application the directory of the application that the launcher has started, of which
   *     executors need the jars; empty where spark-submit takes care of them
   * @throws ConfigurationException if Convoy cannot work with one of the user's
   */
  static SparkConf of(RunConfiguration configuration, Optional<Path> application) {
    SparkConf conf = new SparkConf();
    configuration.spark().settings().forEach((key, value) -> set(conf, key, value));
    configuration.spark().master().ifPresent(conf::setMaster);
    conf.setIfMissing("spark.master", "local[*]");
    if (UNNAMED.contains(conf.get("spark.app.name", ""))) {
      conf.setAppName("convoy " + configuration.name());
    }
    if (configuration.training().averaging().isStock()) {
      // Networks and batches of Deeplearning4j's travel.
      conf.setIfMissing("spark.kryo.registrationRequired", "false");
      addRegistrator(conf, StockTraining.KRYO_REGISTRATOR);
    }
    if (grows(conf)) {
      // One executor is enough to begin with: the others come with the work, not before it.
      conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "0.001");
    }
    DEFAULTS.forEach(conf::setIfMissing);
    takeSecret(conf, System.getenv());
    conf.set(Secrets.REDACTION, Secrets.redaction(conf.get(Secrets.REDACTION, "")));
    requireKryo(conf);
    addRegistrator(conf, KryoClasses.class.getName());
    String plugins = conf.get("spark.plugins", "").strip();
    join(conf, "spark.plugins", TrainingGauges.class.getName(), plugins, ",");
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", conf.get("spark.task.cpus", "1"));
    configuration
        .accelerator()
        .instructionSet()
        .environment()
        .forEach((name, value) -> conf.set("spark.executorEnv." + name, value));
    // Java opens only files whose names the locale's character set has.
    conf.setIfMissing("spark.executorEnv.LC_ALL", "C.UTF-8");
    conf.set("spark.hadoop." + Locations.WORKING_DIRECTORY, System.getProperty("user.dir"));
    addExecutorOptions(conf);
    setGpus(conf, System.getenv());
    if (isLocal(conf)) {
      setLocalDefaults(conf);
    } else {
      application.ifPresent(directory -> bring(conf, directory));
    }
    return conf;
  }

  /** Beside what spark-submit has set to bring the application, where that is a list. */
  private static void set(SparkConf conf, String key, String value) {
    String sign = LISTS.getOrDefault(key, "");
    if (sign.isEmpty()) {
      conf.set(key, value);
    } else {
      join(conf, key, conf.get(key, "").strip(), value, sign);
    }
  }

  /**
   * A worker of a standalone cluster hands a driver the cluster's secret in its environment, which
   * executors and drivers read in all but one place: where they make sure that there is one.
   */
  static void takeSecret(SparkConf conf, Map<String, String> environment) {
    if (conf.getBoolean("spark.authenticate", false)
        && conf.get("spark.master").startsWith("spark:")
        && environment.containsKey(SECRET_VARIABLE)) {
      conf.setIfMissing("spark.authenticate.secret", environment.get(SECRET_VARIABLE));
    }
  }

  private static void addRegistrator(SparkConf conf, String name) {
    String others = conf.get("spark.kryo.registrator", "").strip();
    join(conf, "spark.kryo.registrator", name, others, ",");
  }

  private static void requireKryo(SparkConf conf) {
    String serializer = conf.get("spark.serializer");
    if (!serializer.equals(SERIALIZER)) {
      throw new ConfigurationException(
          "spark.serializer: expected %s, which is what executors' results are written with, found"
              + " %s. Remove the setting.",
          SERIALIZER, serializer);
    }
  }

  /** An option that the user sets, too, is left to the user. */
  private static void addExecutorOptions(SparkConf conf) {
    String key = "spark.executor.extraJavaOptions";
    String user = conf.get("spark.executor.defaultJavaOptions", "") + " " + conf.get(key, "");
    List<String> own = new ArrayList<>();
    EXECUTOR_OPTIONS.stream()
        .filter(option -> !user.contains(option.substring(0, option.indexOf('=') + 1)))
        .forEach(own::add);
    if (!ANY_COLLECTOR.matcher(user).find()) {
      own.add(COLLECTOR);
    }
    // Java knows the option on Linux alone, and starts with no option that it does not know.
    boolean isOfUse =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    if (isOfUse && !ANY_PAGES.matcher(user).find()) {
      own.add(PAGES);
    }
    if (!own.isEmpty()) {
      join(conf, key, String.join(" ", own), conf.get(key, "").strip(), " ");
    }
  }

  /** A worker computes on one GPU, or on a share of one; local mode has no such resources. */
  static void setGpus(SparkConf conf, Map<String, String> environment) {
    String ofTask = conf.get(TaskSlots.GPUS_OF_TASK, "");
    if (!ofTask.isEmpty() && isLocal(conf)) {
      throw new ConfigurationException(
          "%s = %s: expected a cluster's spark.master, found %s, with which Spark would wait for"
              + " GPUs without end. Remove it: on one machine workers take the GPUs that they see.",
          TaskSlots.GPUS_OF_TASK, ofTask, conf.get("spark.master"));
    }
    if (conf.contains(TaskSlots.GPUS_OF_EXECUTOR) && !isLocal(conf)) {
      conf.setIfMissing(TaskSlots.GPUS_OF_TASK, "1");
    }
    if (conf.getDouble(TaskSlots.GPUS_OF_TASK, 1) > 1) {
      throw new ConfigurationException(
          "%s: expected at most 1, since a worker computes on one GPU, found %s. More GPUs take more"
              + " workers.",
          TaskSlots.GPUS_OF_TASK, ofTask);
    }
    if (environment.containsKey(LIBRARIES)) {
      conf.setIfMissing("spark.executorEnv." + LIBRARIES, environment.get(LIBRARIES));
    }
  }

  private static void setLocalDefaults(SparkConf conf) {
    conf.setMaster(withAttempts(conf.get("spark.master"), conf.get(ATTEMPTS)));
    if (!conf.contains("spark.driver.host")) {
      // Keeps a laptop without a resolvable host name working.
      conf.set("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    // Images are counted with heartbeats, which cost nothing within a process.
    conf.setIfMissing("spark.executor.heartbeatInterval", "1s");
    // The driver is its own executor, which is not lost where a laptop slept for longer than two
    // minutes.
    conf.setIfMissing("spark.storage.blockManagerHeartbeatTimeoutMs", "1000d");
    // Where the executor is the driver, an error in one task is that task's alone.
    conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
  }

  /**
   * In local mode Spark gives up after the first failure of a task, unless the master says how
   * often it is tried; a store loses connections there, too.
   */
  private static String withAttempts(String master, String attempts) {
    Matcher local = LOCAL.matcher(master);
    if (!local.matches() || local.group(2) != null) {
      return master;
    }
    String threads = local.group(1) == null ? "1" : local.group(1);
    return "local[" + threads + "," + attempts + "]";
  }

  /**
   * Executors have Spark itself, and get the rest: those of a local-cluster find it where it is, on
   * the same machine; to others Spark brings it.
   */
  private static void bring(SparkConf conf, Path application) {
    Path jar = application.resolve("convoy.jar");
    Path libraries = application.resolve("lib");
    if (LOCAL_CLUSTER.matcher(conf.get("spark.master")).matches()) {
      String user = conf.get("spark.executor.extraClassPath", "").strip();
      join(conf, "spark.executor.extraClassPath", user, jar + ":" + libraries + "/*", ":");
      return;
    }
    List<String> jars = new ArrayList<>(List.of(uri(jar)));
    try (Stream<Path> files = Files.list(libraries)) {
      files
          .filter(file -> file.toString().endsWith(".jar"))
          .sorted()
          .forEach(file -> jars.add(uri(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the jars that executors need", e);
    }
    join(conf, "spark.jars", conf.get("spark.jars", "").strip(), String.join(",", jars), ",");
  }

  /** In the list a comma separates. */
  private static String uri(Path file) {
    return file.toUri().toString().replace(",", "%2C");
  }

  /** Convoy's value and the user's in one. */
  private static void join(SparkConf conf, String key, String first, String second, String sign) {
    conf.set(key, first.isBlank() || second.isBlank() ? first + second : first + sign + second);
  }

  /** One line for each of a configuration's settings that come too late to have an effect. */
  static List<String> withoutEffect(RunConfiguration configuration) {
    return TOO_LATE.stream()
        .filter(configuration.spark().settings()::containsKey)
        .map(
            key ->
                "note: "
                    + key
                    + " has no effect in a configuration, since the driver has started when it is"
                    + " read: set CONVOY_JAVA_OPTIONS, such as -Xmx8g, or give it to spark-submit")
        .toList();
  }

  /** Whether Spark brings executors as they are needed. */
  static boolean grows(SparkConf conf) {
    return conf.getBoolean("spark.dynamicAllocation.enabled", false);
  }

  static boolean isLocal(SparkConf conf) {
    return LOCAL.matcher(conf.get("spark.master")).matches();
  }

  /**
   * How many executors are to be there before work begins: as many as are asked for, or one if
   * nobody says; 0 where they come with the work.
   */
  static int executorsToAwait(SparkConf conf) {
    if (grows(conf)) {
      return 0;
    }
    Matcher localCluster = LOCAL_CLUSTER.matcher(conf.get("spark.master"));
    int executors =
        localCluster.matches()
            ? Integer.parseInt(localCluster.group(1))
            : conf.getInt(INSTANCES, 0);
    double ratio = conf.getDouble("spark.scheduler.minRegisteredResourcesRatio", 1);
    return Math.max(1, (int) Math.ceil(executors * Math.min(1, ratio)));
  }
}
