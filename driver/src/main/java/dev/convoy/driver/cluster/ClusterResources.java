package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import dev.convoy.driver.averaging.StatisticsAveraging;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.accelerator.TrainingMemory;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;

/**
 * What runs ask of a cluster: how many executors, and how much memory each of them and the driver
 * take on the Java heap and outside of it. The network's part is planned as it would be computed on
 * this machine; where GPUs are required it is on the cards, whose room is known there. The
 * constants are what processes were seen to take (docs/operations.md, "Sizing"). Driver only.
 *
 * @param executors for all workers at once
 * @param comeWithTheWork whether the cluster brings executors as they are needed, so that none are
 *     asked for beforehand
 * @param workersAtOnce of an executor
 * @param executor its memory
 * @param driver its memory
 * @param memory of the network that takes the most, on a CPU
 * @param onCards whether it is on cards alone
 * @param route whether results are averaged on executors
 * @param mostCores of a standalone cluster, which gives an application all of its cores unless it
 *     is told otherwise; empty where that is meant, and for other managers
 */
public record ClusterResources(
    int executors,
    boolean comeWithTheWork,
    int workersAtOnce,
    Memory executor,
    Memory driver,
    TrainingMemory memory,
    boolean onCards,
    boolean route,
    OptionalInt mostCores) {
  private static final long MEBIBYTE = 1L << 20;

  /** What a JVM takes besides its heap: classes, threads, compiled code, and ND4J's libraries. */
  static final long PROCESS = 450 * MEBIBYTE;

  /** Of the heap, for Spark and what holds images meanwhile. */
  private static final long LEAST_HEAP = 1024 * MEBIBYTE;

  private static final long HEAP_OF_SPARK = 512 * MEBIBYTE;

  /** Results of a worker on the heap of an executor: what it began with, and is on its way. */
  private static final int RESULTS_OF_A_WORKER = 3;

  /** What is left out of compressed changes, and is added to the next. */
  private static final int RESIDUAL = 1;

  /** Those of an executor besides: the round's start, and the slice that it averages. */
  private static final int RESULTS_OF_AN_EXECUTOR = 2;

  /** Of a driver that averages: its state, a checkpoint being written, and the best so far. */
  private static final int RESULTS_OF_THE_DRIVER = 4;

  /**
   * Parameters in a driver where executors average: those that are validated, the same on their way
   * to executors, and the best so far.
   */
  private static final int PARAMETERS_OF_THE_DRIVER = 3;

  /** Of a moving average, or with statistics that are measured anew. */
  private static final int OTHER_PARAMETERS = 1;

  /** What collectors leave of a heap to what stays: two thirds. */
  private static final double HEAP_OF_WHAT_STAYS = 1.5;

  /** Of the planned native memory, for what no plan has: fragments, and a batch of validation. */
  static final double NATIVE_MARGIN = 1.15;

  /** Of a process with GPUs: NVIDIA's libraries. Not measured. */
  private static final long LIBRARIES_OF_CARDS = 2048 * MEBIBYTE;

  /** Of each worker on a GPU, for what NVIDIA's driver keeps of it in the process. Not measured. */
  private static final long CONTEXT_OF_A_CARD = 512 * MEBIBYTE;

  private static final long ROUNDED_TO = 64 * MEBIBYTE;
  private static final int MEGABYTE = 1_000_000;

  /**
   * Of one process, in bytes.
   *
   * @param heap of Java
   * @param outside of it
   */
  public record Memory(long heap, long outside) {
    private static Memory of(double heap, double outside) {
      return new Memory(rounded(heap), rounded(outside));
    }

    private static long rounded(double bytes) {
      return (long) Math.ceil(bytes / ROUNDED_TO) * ROUNDED_TO;
    }
  }

  /**
   * What some runs ask for, each of them alone.
   *
   * @param runs at least one; of a search, what its space leads to
   * @param runsAtOnce at least 1; if it is empty executors are counted for one run, and a
   *     standalone cluster gives all its free cores
   * @param settings of Spark's that are not in the configuration, such as those of spark-submit
   * @param classes of the images, or about as many
   * @throws UnsupportedNetworkException if a network has a layer of which nothing can be told
   */
  public static ClusterResources of(
      List<RunConfiguration> runs,
      OptionalInt runsAtOnce,
      Map<String, String> settings,
      int classes)
      throws UnsupportedNetworkException {
    SparkConf conf = settings(runs.get(0), settings);
    TaskSlots slots = TaskSlots.of(conf);
    int atOnce = runsAtOnce.orElse(1);
    RunConfiguration largest = runs.get(0);
    long most = -1;
    for (RunConfiguration run : runs) {
      TrainingMemory rough = NetworkMemory.of(run, classes).roughly();
      long bytes = rough.nativeBytes() + rough.optimizerState();
      if (bytes > most) {
        most = bytes;
        largest = run;
      }
    }
    boolean onCards = runs.stream().allMatch(run -> ExecutorDevices.useOf(run) == GpuUse.REQUIRED);
    NetworkMemory network = NetworkMemory.of(largest, classes);
    TrainingMemory memory = onCards ? network.roughly() : network.planned();
    int workers =
        runs.stream()
            .map(run -> run.training().workers())
            .max(Comparator.naturalOrder())
            .orElseThrow();
    int workersAtOnce = Math.min(workers * atOnce, slots.atOnce());
    int executors = (workers * atOnce + workersAtOnce - 1) / workersAtOnce;
    double result = (double) memory.parameters() + memory.optimizerState();
    RunConfiguration.Averaging averaging = largest.training().averaging();
    boolean onExecutors = averaging.route().isOnExecutors((long) result);
    int ofWorker =
        RESULTS_OF_A_WORKER + (averaging.compression().name().equals("none") ? 0 : RESIDUAL);
    boolean hasOthers =
        averaging.movingAverage().isPresent()
            || averaging.statistics() == StatisticsAveraging.MEASURED;
    double inDriver =
        onExecutors
            ? HEAP_OF_WHAT_STAYS
                * (PARAMETERS_OF_THE_DRIVER + (hasOthers ? OTHER_PARAMETERS : 0))
                * memory.parameters()
            : (RESULTS_OF_THE_DRIVER + workers) * result;
    return new ClusterResources(
        executors,
        SparkSettings.grows(conf),
        workersAtOnce,
        Memory.of(
            Math.max(
                LEAST_HEAP,
                HEAP_OF_SPARK + (ofWorker * workersAtOnce + RESULTS_OF_AN_EXECUTOR) * result),
            PROCESS + outside(memory, onCards, workersAtOnce)),
        Memory.of(
            Math.max(LEAST_HEAP, HEAP_OF_SPARK + atOnce * inDriver),
            PROCESS + 2.0 * memory.parameters()),
        memory,
        onCards,
        onExecutors,
        isStandalone(conf) && runsAtOnce.isPresent() && !SparkSettings.grows(conf)
            ? OptionalInt.of(executors * Math.max(slots.cores(), slots.cpus()))
            : OptionalInt.empty());
  }

  /** With cards, what goes to them and comes back; else all of the network. */
  private static double outside(TrainingMemory memory, boolean onCards, int workersAtOnce) {
    return onCards
        ? LIBRARIES_OF_CARDS
            + workersAtOnce
                * (CONTEXT_OF_A_CARD + (double) memory.parameters() + memory.gradients())
        : NATIVE_MARGIN * workersAtOnce * memory.nativeBytes();
  }

  /**
   * Whether several runs get executors for one of them at a time, since nobody has said how many
   * are at work at once, and the manager brings no more than it is asked for.
   *
   * @param runs as for {@link #of}
   * @param runsAtOnce as for {@link #of}
   * @param settings as for {@link #of}
   */
  public static boolean areForOneRun(
      List<RunConfiguration> runs, OptionalInt runsAtOnce, Map<String, String> settings) {
    SparkConf conf = settings(runs.get(0), settings);
    return runsAtOnce.isEmpty()
        && !isStandalone(conf)
        && !SparkSettings.grows(conf)
        && !conf.contains(SparkSettings.INSTANCES);
  }

  private static boolean isStandalone(SparkConf conf) {
    return conf.get("spark.master", "").startsWith("spark:");
  }

  private static SparkConf settings(RunConfiguration run, Map<String, String> given) {
    SparkConf conf = new SparkConf();
    given.forEach(conf::set);
    run.spark().settings().forEach(conf::set);
    run.spark().master().ifPresent(conf::setMaster);
    return conf;
  }

  /**
   * Spark's settings for it.
   *
   * @return by name, in the order in which they are to be read
   */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    if (!comeWithTheWork) {
      // Spark ends where more are asked for than spark.dynamicAllocation.maxExecutors.
      settings.put(SparkSettings.INSTANCES, Integer.toString(executors));
    }
    mostCores.ifPresent(cores -> settings.put("spark.cores.max", Integer.toString(cores)));
    settings.put("spark.executor.memory", mebibytes(executor.heap()));
    settings.put("spark.executor.memoryOverhead", mebibytes(executor.outside()));
    settings.put("spark.driver.memory", mebibytes(driver.heap()));
    settings.put("spark.driver.memoryOverhead", mebibytes(driver.outside()));
    return settings;
  }

  /** The same for people, line by line. */
  public List<String> lines() {
    String network =
        Text.of(
            "network     %s of parameters, %s of optimizer state on the heap; ",
            megabytes(memory.parameters()), megabytes(memory.optimizerState()));
    return List.of(
        network
            + (onCards
                ? "what a batch takes is on the cards (accelerator.gpu = required)"
                : Text.of(
                    "%s of native memory a worker (parameters, %s%s for a batch)",
                    megabytes(memory.nativeBytes()),
                    memory.keepsGradients() ? "gradients, " : "",
                    megabytes(memory.values()))),
        Text.of(
            "executors   %d%s, for %d %s at once each; results are averaged on %s",
            executors,
            comeWithTheWork ? " as they are needed" : "",
            workersAtOnce,
            workersAtOnce == 1 ? "worker" : "workers",
            route ? "executors" : "the driver"),
        Text.of(
            "an executor %s of heap, %s outside of it",
            mebibytes(executor.heap()), mebibytes(executor.outside())),
        Text.of(
            "the driver  %s of heap and 200 bytes an image, %s outside of it",
            mebibytes(driver.heap()), mebibytes(driver.outside())));
  }

  private static String mebibytes(long bytes) {
    return Text.of("%dm", bytes / MEBIBYTE);
  }

  private static String megabytes(long bytes) {
    return Text.of("%,d MB", bytes / MEGABYTE);
  }
}
