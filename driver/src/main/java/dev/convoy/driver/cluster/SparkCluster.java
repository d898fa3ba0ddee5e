package dev.convoy.driver.cluster;

import dev.convoy.data.Cancellation;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.natives.InstructionSet;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** The Spark application that a command runs in. Driver only. */
public final class SparkCluster implements AutoCloseable {
  private static final String WAITING_SECONDS = "spark.scheduler.maxRegisteredResourcesWaitingTime";
  private static final String DESCRIPTION = "spark.job.description";
  private static final long POLL_MILLIS = 100;
  private static volatile boolean started;

  private final JavaSparkContext context;
  private final Progress progress;
  private final ExecutorLosses losses;
  private volatile int concurrentRuns = 1;
  private InstructionSet instructionSet;
  private final Map<GpuUse, ExecutorDevices> devices = new EnumMap<>(GpuUse.class);

  private SparkCluster(JavaSparkContext context, Progress progress) {
    this.context = context;
    this.progress = progress;
    this.losses = new ExecutorLosses(progress, this::host, this::liveExecutors);
    context.sc().addSparkListener(losses);
  }

  /**
   * Starts the application, and waits for a first executor, and then for as many as were asked for,
   * if that does not take longer than spark.scheduler.maxRegisteredResourcesWaitingTime.
   *
   * @param progress is told meanwhile, and when executors are lost later on
   * @throws ConfigurationException if Spark refuses its settings, or no cluster answers
   */
  public static SparkCluster start(RunConfiguration configuration, Progress progress) {
    SparkConf conf =
        SparkSettings.of(
            configuration,
            Optional.ofNullable(System.getProperty("convoy.application")).map(Path::of));
    SparkSettings.withoutEffect(configuration).forEach(progress::say);
    configuration.accelerator().instructionSet().impose();
    String master = conf.get("spark.master");
    if (SparkSettings.isLocal(conf)) {
      return new SparkCluster(create(conf, master), progress);
    }
    if (conf.contains("spark.executor.cores")) {
      TaskSlots.of(conf).note().ifPresent(progress::say);
    }
    AtomicInteger executors = new AtomicInteger();
    return progress.during(
        "waiting for executors of " + master,
        () -> executors.get() == 0 ? "" : executors + " so far",
        () -> {
          SparkCluster cluster = new SparkCluster(create(conf, master), progress);
          cluster.awaitExecutors(SparkSettings.executorsToAwait(conf), master, executors);
          return cluster;
        });
  }

  private static JavaSparkContext create(SparkConf conf, String master) {
    try {
      // Scala throws Spark's checked exception unannounced.
      JavaSparkContext context = new JavaSparkContext(conf);
      started = true;
      return context;
    } catch (Exception e) {
      throw new ConfigurationException(
          "Cannot start Spark with spark.master = " + master + ": " + e.getMessage());
    }
  }

  /** Whether this process has started one, which may have been closed since. */
  static boolean hasStarted() {
    return started;
  }

  private void awaitExecutors(int expected, String master, AtomicInteger found) {
    await(() -> countInto(found) >= Math.min(1, expected), Long.MAX_VALUE, master);
    await(() -> countInto(found) >= expected, waitingNanos(), master);
  }

  private int countInto(AtomicInteger found) {
    found.set(liveExecutors());
    return found.get();
  }

  private long waitingNanos() {
    return TimeUnit.SECONDS.toNanos(context.getConf().getTimeAsSeconds(WAITING_SECONDS, "30s"));
  }

  /** Spark gives up on a cluster by stopping the context, and would then wait for itself. */
  private void await(BooleanSupplier condition, long nanos, String master) {
    long start = System.nanoTime();
    try {
      while (!condition.getAsBoolean() && System.nanoTime() - start < nanos) {
        Thread.sleep(POLL_MILLIS);
        if (isStopped()) {
          throw noCluster(master);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw noCluster(master);
    }
  }

  private static ConfigurationException noCluster(String master) {
    return new ConfigurationException(
        "spark.master = %s: expected a cluster that answers and gives executors, found none. Check"
            + " the address, and that its workers are up.",
        master);
  }

  JavaSparkContext context() {
    return context;
  }

  /** The numbers from 0 up to a count, each in a partition of its own. */
  JavaRDD<Integer> numbers(int count) {
    return context.parallelize(IntStream.range(0, count).boxed().toList(), count);
  }

  /** Broadcasts a value, and destroys the broadcast when the work is done. */
  <T, R> R broadcasting(T value, Function<Broadcast<T>, R> work) {
    Broadcast<T> broadcast = context.broadcast(value);
    try {
      return work.apply(broadcast);
    } finally {
      broadcast.destroy();
    }
  }

  /** Sets how many runs will be trained at once; they share the machine's threads. */
  public void expectRuns(int atOnce) {
    concurrentRuns = atOnce;
  }

  /** CPU threads of each of a run's workers. */
  public int threads(RunConfiguration configuration) {
    RunConfiguration.Training training = configuration.training();
    return training.threadsPerWorker().orElseGet(() -> threadsPerWorker(training.workers()));
  }

  /**
   * What all executors compute with.
   *
   * @throws ConfigurationException if they differ, or are not held to the configuration's limit
   */
  public synchronized InstructionSet instructionSet(RunConfiguration configuration) {
    if (instructionSet == null) {
      instructionSet = ExecutorInstructions.of(this, configuration.accelerator().instructionSet());
    }
    return instructionSet;
  }

  /**
   * What the executors compute networks on; said when it is first asked for.
   *
   * @throws ConfigurationException if some have no GPU and all must
   */
  public synchronized ExecutorDevices devices(RunConfiguration configuration) {
    GpuUse use = ExecutorDevices.useOf(configuration);
    ExecutorDevices known = devices.get(use);
    if (known == null) {
      known = ExecutorDevices.of(this, use);
      devices.put(use, known);
      known.notes().forEach(progress::say);
    }
    return known;
  }

  /** CPU threads for each of a run's workers, where the configuration does not say. */
  public int threadsPerWorker(int workers) {
    SparkConf conf = context.getConf();
    Matcher local = SparkSettings.LOCAL.matcher(conf.get("spark.master"));
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
   * How many workers find room at once on the executors that there are now, at least 1: by CPU
   * cores, and by GPUs where a task asks for one.
   */
  public int slots() {
    return Math.max(
        1,
        context
            .sc()
            .maxNumConcurrentTasks(context.sc().resourceProfileManager().defaultResourceProfile()));
  }

  /**
   * How many workers find room at once when executors that are still on their way have come, or
   * spark.scheduler.maxRegisteredResourcesWaitingTime is over.
   *
   * @param wanted how many are enough
   */
  public int slots(int wanted) {
    if (!isLocal() && slots() < wanted) {
      progress.during(
          "waiting for room for " + wanted + " workers",
          () -> "room for " + slots() + " so far",
          () -> {
            await(() -> slots() >= wanted, waitingNanos(), context.getConf().get("spark.master"));
            return slots();
          });
    }
    return slots();
  }

  /** How many executors there are now, at least 1: in local mode the driver is one. */
  int executors() {
    return isLocal() ? 1 : Math.max(1, liveExecutors());
  }

  private int liveExecutors() {
    return context.sc().getExecutorIds().size();
  }

  /** Where an executor is or was; empty if that is not known. */
  private String host(String executor) {
    try {
      String address = context.sc().statusStore().executorSummary(executor).hostPort();
      return address.substring(0, Math.max(0, address.lastIndexOf(':')));
    } catch (NoSuchElementException e) {
      return "";
    }
  }

  private boolean isLocal() {
    return SparkSettings.isLocal(context.getConf());
  }

  /** Whether Spark may bring more executors when there is more to do. */
  public boolean canGrow() {
    return SparkSettings.grows(context.getConf());
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

  /**
   * Does work whose jobs have a name in Spark's own views, after that of what they are part of.
   *
   * @param what the work is, such as {@code epoch 3, round 12 of 40}
   */
  public <T> T describing(String what, Supplier<T> work) {
    String whole = context.getLocalProperty(DESCRIPTION);
    context.setLocalProperty(DESCRIPTION, whole == null ? what : whole + ", " + what);
    try {
      return work.get();
    } finally {
      context.setLocalProperty(DESCRIPTION, whole);
    }
  }

  /** Whether Spark has ended the application, or the process is ending. */
  public boolean isStopped() {
    return Cancellation.isRequested() || context.sc().isStopped();
  }

  @Override
  public void close() {
    losses.end();
    context.close();
  }
}
