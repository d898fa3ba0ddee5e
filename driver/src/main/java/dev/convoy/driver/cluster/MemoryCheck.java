package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.accelerator.TrainingMemory;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.cuda.device.Gpus;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;

/**
 * Whether a network fits into the memory outside of the Java heap, where networks are; planned as
 * {@link ClusterResources} plans it. Driver only.
 *
 * @param needed bytes of a process and all its workers
 * @param available bytes that the process has
 * @param text both, in words
 * @param advice what to do if it does not fit
 */
public record MemoryCheck(long needed, long available, String text, String advice) {
  private static final long MEGABYTE = 1_000_000;

  /** A rough count may be wrong by as much. */
  private static final int MARGIN = 4;

  private static final double DEFAULT_OVERHEAD = 0.1;
  private static final int LEAST_OVERHEAD = 384;

  /** How many workers a process has, and what memory. */
  private record Room(int workers, long bytes, String where, String advice) {}

  /**
   * Looks at a run.
   *
   * @param classes of its images, or about as many
   * @return empty where it cannot be told
   */
  public static Optional<MemoryCheck> of(RunConfiguration configuration, int classes) {
    return of(configuration, SparkSettings.of(configuration, Optional.empty()), classes);
  }

  static Optional<MemoryCheck> of(RunConfiguration configuration, SparkConf conf, int classes) {
    return room(configuration, conf).flatMap(room -> of(configuration, room, classes, 0));
  }

  /**
   * A warning for whoever starts a run that will not fit.
   *
   * @param classes of its images
   * @return empty if it fits, or nobody can tell
   */
  public static Optional<String> warning(RunConfiguration configuration, int classes) {
    return room(configuration, SparkSettings.of(configuration, Optional.empty()))
        .flatMap(room -> of(configuration, room, classes, room.bytes() / MARGIN))
        .filter(check -> !check.fits())
        .map(check -> "Training may not fit into memory: " + check.text() + ". " + check.advice());
  }

  /** Nothing is planned for what takes less than {@code negligible} by a rough count. */
  private static Optional<MemoryCheck> of(
      RunConfiguration configuration, Room room, int classes, long negligible) {
    try {
      NetworkMemory network = NetworkMemory.of(configuration, classes);
      TrainingMemory memory = network.roughly();
      if (room.workers() * memory.nativeBytes() < negligible) {
        return Optional.empty();
      }
      memory = network.planned();
      long ofWorker = (long) (ClusterResources.NATIVE_MARGIN * memory.nativeBytes());
      long needed = ClusterResources.PROCESS + room.workers() * ofWorker;
      return Optional.of(
          new MemoryCheck(
              needed,
              room.bytes(),
              Text.of(
                  "%d × %s outside of the Java heap (each %s of parameters,%s %s for batches of %d)"
                      + " and %s of the process itself, and %s has %s",
                  room.workers(),
                  megabytes(ofWorker),
                  megabytes(memory.parameters()),
                  memory.keepsGradients() ? " as much of gradients," : "",
                  megabytes(memory.values()),
                  network.batch(),
                  megabytes(ClusterResources.PROCESS),
                  room.where(),
                  megabytes(room.bytes())),
              room.advice()));
    } catch (UnsupportedNetworkException e) {
      return Optional.empty(); // Deeplearning4j's layers compute it, as nobody can tell before
    }
  }

  /** For {@code doctor}. */
  public Diagnosis.Finding finding() {
    return Diagnosis.Finding.of(
        "memory for the run", fits(), Diagnosis.State.DOUBTFUL, text, advice);
  }

  /** Whether it fits. */
  public boolean fits() {
    return needed <= available;
  }

  /** Empty where nobody bounds it, and on GPUs: what a card has is seen where the card is. */
  private static Optional<Room> room(RunConfiguration configuration, SparkConf conf) {
    if (areOnGpus(configuration, conf)) {
      return Optional.empty();
    }
    int workers = configuration.training().workers();
    if (SparkSettings.isLocal(conf)) {
      OptionalLong free = freeBytes();
      return free.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Room(
                  workers,
                  free.getAsLong(),
                  "this machine",
                  "Take accelerator.recompute = on, a smaller training.batch-size, or fewer"
                      + " training.workers."));
    }
    String master = conf.get("spark.master");
    if (!master.startsWith("yarn") && !master.startsWith("k8s")) {
      return Optional.empty();
    }
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
    long usual = Math.max(LEAST_OVERHEAD, (long) (overheadFactor(conf, master) * heap));
    long overhead = conf.getSizeAsMb("spark.executor.memoryOverhead", usual + "m");
    int atOnce = TaskSlots.of(conf).atOnce();
    return Optional.of(
        new Room(
            Math.min(workers, atOnce),
            overhead << 20,
            "an executor",
            "Raise spark.conf.spark.executor.memoryOverhead, or take accelerator.recompute = on or a"
                + " smaller training.batch-size."));
  }

  private static boolean areOnGpus(RunConfiguration configuration, SparkConf conf) {
    if (ExecutorDevices.useOf(configuration) == GpuUse.OFF) {
      return false;
    }
    return SparkSettings.isLocal(conf)
        ? !Gpus.ofThisMachine().usable().isEmpty()
        : TaskSlots.of(conf).gpus() > 0;
  }

  /** As Spark 3.5 reads it: Kubernetes has a key of its own where the common one is not set. */
  private static double overheadFactor(SparkConf conf, String master) {
    double usual =
        master.startsWith("k8s")
            ? conf.getDouble("spark.kubernetes.memoryOverheadFactor", DEFAULT_OVERHEAD)
            : DEFAULT_OVERHEAD;
    return conf.getDouble("spark.executor.memoryOverheadFactor", usual);
  }

  /** What Linux would give to a process that asks for it. */
  private static OptionalLong freeBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemAvailable:")) {
          return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) << 10);
        }
      }
    } catch (IOException e) {
      return OptionalLong.empty(); // not Linux
    }
    return OptionalLong.empty();
  }

  private static String megabytes(long bytes) {
    return Text.of("%,d MB", bytes / MEGABYTE);
  }
}
