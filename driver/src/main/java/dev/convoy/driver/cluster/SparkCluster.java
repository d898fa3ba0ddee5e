package dev.convoy.driver.cluster;

import static java.util.Map.entry;

import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.util.Map;
import java.util.function.Supplier;
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
          // Runs at once, each in a pool of its own.
          entry("spark.scheduler.mode", "FAIR"),
          entry("spark.ui.enabled", "false"),
          entry("spark.ui.showConsoleProgress", "false"));

  /** ND4J's memory is bounded by the container, not by guesses from the heap's size. */
  private static final String EXECUTOR_OPTIONS =
      "-Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0";

  private static final int DRIVER_AND_ONE_EXECUTOR = 2;
  private static final long POLL_MILLIS = 100;

  private final JavaSparkContext context;
  private volatile int concurrentRuns = 1;

  private SparkCluster(JavaSparkContext context) {
    this.context = context;
  }

  /**
   * Starts the application, and waits for a first executor.
   *
   * @throws ConfigurationException if Spark refuses its settings, or no cluster answers
   */
  public static SparkCluster start(RunConfiguration configuration, Progress progress) {
    SparkConf conf = new SparkConf().setAppName("convoy " + configuration.name());
    SETTINGS.forEach(conf::setIfMissing);
    configuration.spark().settings().forEach(conf::set);
    configuration.spark().master().ifPresent(conf::setMaster);
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", conf.get("spark.task.cpus", "1"));
    // Java opens only files whose names the locale's character set has.
    conf.setIfMissing("spark.executorEnv.LC_ALL", "C.UTF-8");
    conf.setIfMissing("spark.executor.extraJavaOptions", EXECUTOR_OPTIONS);
    if (conf.get("spark.master").startsWith("local-cluster[")) {
      bringApplication(conf);
    }
    if (isLocal(conf)) {
      // Keeps a laptop without a resolvable host name working.
      conf.setIfMissing("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      // Where the executor is the driver, an error in one task is that task's alone.
      conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
    }
    String master = conf.get("spark.master");
    JavaSparkContext context = create(conf, master);
    boolean executorsComeLater = conf.getBoolean("spark.dynamicAllocation.enabled", false);
    if (!isLocal(conf) && !executorsComeLater) {
      progress.during(
          "waiting for executors of " + master, () -> "", () -> awaitExecutor(context, master));
    }
    return new SparkCluster(context);
  }

  private static JavaSparkContext create(SparkConf conf, String master) {
    try {
      // Scala throws Spark's checked exception unannounced.
      return new JavaSparkContext(conf);
    } catch (Exception e) {
      throw new ConfigurationException(
          "Cannot start Spark with spark.master = " + master + ": " + e.getMessage());
    }
  }

  /** Spark gives up on a cluster by stopping the context, and would then wait for itself. */
  private static boolean awaitExecutor(JavaSparkContext context, String master) {
    try {
      while (context.sc().statusTracker().getExecutorInfos().length < DRIVER_AND_ONE_EXECUTOR) {
        Thread.sleep(POLL_MILLIS);
        if (context.sc().isStopped()) {
          throw noCluster(master);
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw noCluster(master);
    }
  }

  private static ConfigurationException noCluster(String master) {
    return new ConfigurationException(
        "spark.master = "
            + master
            + ": expected a cluster that answers and gives executors, found none. Check the address,"
            + " and that its workers are up.");
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

  /** Says that so many runs will be under way at once, and share the machine's threads. */
  public void expectRuns(int atOnce) {
    concurrentRuns = atOnce;
  }

  /** CPU threads of each of a run's workers. */
  public int threads(RunConfiguration configuration) {
    RunConfiguration.Training training = configuration.training();
    return training.threadsPerWorker().orElseGet(() -> threadsPerWorker(training.workers()));
  }

  /** CPU threads for each of a run's workers, where the configuration does not say. */
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
    return Math.max(1, Math.min(cores, machine) / (workers * concurrentRuns));
  }

  /**
   * How many workers find room at once: tasks by CPU cores, or by GPUs where a task asks for one.
   * Executors that come later are not counted.
   */
  public int slots() {
    SparkConf conf = context.getConf();
    int byCores = context.defaultParallelism() / conf.getInt("spark.task.cpus", 1);
    double gpusOfTask = conf.getDouble("spark.task.resource.gpu.amount", 0);
    if (gpusOfTask > 0) {
      int executors = Math.max(1, context.sc().statusTracker().getExecutorInfos().length - 1);
      double gpus = executors * conf.getDouble("spark.executor.resource.gpu.amount", 0);
      return Math.max(1, Math.min(byCores, (int) (gpus / gpusOfTask)));
    }
    return Math.max(1, byCores);
  }

  /** How many executors there are now, at least 1: in local mode the driver is one. */
  int executors() {
    return Math.max(1, context.sc().statusTracker().getExecutorInfos().length - 1);
  }

  /** Whether Spark may bring more executors when there is more to do. */
  public boolean canGrow() {
    return context.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
  }

  /**
   * Does work whose jobs share the cluster fairly with those of other pools.
   *
   * @param pool bounded in number, since Spark keeps them
   * @param description of the jobs, for Spark's own views
   */
  public <T> T inPool(String pool, String description, Supplier<T> work) {
    context.setLocalProperty("spark.scheduler.pool", pool);
    context.setJobGroup(pool, description, false);
    try {
      return work.get();
    } finally {
      context.clearJobGroup();
      context.setLocalProperty("spark.scheduler.pool", null);
    }
  }

  /** Whether Spark has ended the application. */
  public boolean isStopped() {
    return context.sc().isStopped();
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
