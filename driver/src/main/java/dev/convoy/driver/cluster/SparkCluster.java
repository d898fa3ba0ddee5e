package dev.convoy.driver.cluster;

import static java.util.Map.entry;

import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The Spark application that a command runs in. Driver only. */
public final class SparkCluster implements AutoCloseable {
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:,\\s*\\d+)?])?");

  /** Convoy's own settings; the user's override them. */
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          entry("spark.serializer", "org.apache.spark.serializer.KryoSerializer"),
          entry("spark.kryo.registrationRequired", "true"),
          entry("spark.kryo.registrator", KryoClasses.class.getName()),
          entry("spark.kryoserializer.buffer.max", "2047m"),
          // Every worker returns its parameters; their number is the user's choice.
          entry("spark.driver.maxResultSize", "0"),
          // A shard is best trained where it lies, but never in a queue while an executor idles:
          // that
          // one packs the shard again and keeps it.
          entry("spark.locality.wait", "0s"),
          entry("spark.scheduler.minRegisteredResourcesRatio", "1.0"),
          entry("spark.task.maxFailures", "8"),
          entry("spark.ui.enabled", "false"),
          entry("spark.ui.showConsoleProgress", "false"));

  /**
   * ND4J's memory is bounded by the container, not by guesses from the heap's size; executors on
   * one host must not unpack native libraries over each other.
   */
  private static final String EXECUTOR_OPTIONS =
      "-Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0"
          + " -Dorg.bytedeco.javacpp.cachedir=javacpp-cache";

  private final JavaSparkContext context;

  private SparkCluster(JavaSparkContext context) {
    this.context = context;
  }

  /**
   * Starts the application.
   *
   * @throws ConfigurationException if Spark refuses its settings
   */
  public static SparkCluster start(RunConfiguration configuration) {
    SparkConf conf = new SparkConf().setAppName("convoy " + configuration.name());
    SETTINGS.forEach(conf::setIfMissing);
    configuration.spark().settings().forEach(conf::set);
    configuration.spark().master().ifPresent(conf::setMaster);
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", conf.get("spark.task.cpus", "1"));
    conf.setIfMissing("spark.executor.extraJavaOptions", EXECUTOR_OPTIONS);
    if (conf.get("spark.master").startsWith("local-cluster[")) {
      bringApplication(conf);
    }
    if (isLocal(conf)) {
      // Keeps a laptop without a resolvable host name working.
      conf.setIfMissing("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    try {
      // Scala throws Spark's checked exception unannounced.
      return new SparkCluster(new JavaSparkContext(conf));
    } catch (Exception e) {
      throw new ConfigurationException(
          "Cannot start Spark with spark.master = "
              + conf.get("spark.master")
              + ": "
              + e.getMessage());
    }
  }

  /** The context, for jobs. */
  JavaSparkContext context() {
    return context;
  }

  /** Executors of a local-cluster find Spark by themselves; the launcher says where the rest is. */
  private static void bringApplication(SparkConf conf) {
    String application = System.getProperty("convoy.application");
    if (application != null) {
      conf.setIfMissing(
          "spark.executor.extraClassPath", application + "/convoy.jar:" + application + "/lib/*");
    }
  }

  private static boolean isLocal(SparkConf conf) {
    return LOCAL.matcher(conf.get("spark.master")).matches();
  }

  /** CPU threads for each of so many workers at once, where the configuration does not say. */
  public int threadsPerWorker(int workers) {
    SparkConf conf = context.getConf();
    Matcher local = LOCAL.matcher(conf.get("spark.master"));
    if (!local.matches()) {
      return conf.getInt("spark.task.cpus", 1);
    }
    int machine = Runtime.getRuntime().availableProcessors();
    int cores =
        local.group(1) == null
            ? 1
            : local.group(1).equals("*") ? machine : Integer.parseInt(local.group(1));
    return Math.max(1, Math.min(cores, machine) / workers);
  }

  /** Spark's name for this application. */
  public String applicationId() {
    return context.sc().applicationId();
  }

  @Override
  public void close() {
    context.close();
  }
}
