package dev.convoy.driver.cluster;

import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.accelerator.GpuRequiredException;
import dev.convoy.worker.cuda.device.Gpu;
import dev.convoy.worker.cuda.device.GpuAnswer;
import dev.convoy.worker.cuda.device.GpuRefusal;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.cuda.device.Gpus;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which GPU a task computes on, for as long as it does: the one that Spark has given it; in local
 * mode, where Spark gives none, the usable one with the fewest tasks. One per JVM. Thread-safe.
 */
final class GpuLeases {
  private static final Logger LOG = LoggerFactory.getLogger(GpuLeases.class);
  private static final String RESOURCE = "gpu";
  private static final GpuRefusal NOT_GIVEN =
      new GpuRefusal(
          "Spark has given this task none. Ask for them with --gpus 1, or"
              + " spark.executor.resource.gpu.amount.");
  private static final GpuLeases OF_THIS_PROCESS = new GpuLeases(Gpus.ofThisMachine());

  private final Gpus gpus;
  private final Set<String> said = new HashSet<>();
  private List<Gpu> usable;
  private int[] tasks;

  GpuLeases(Gpus gpus) {
    this.gpus = gpus;
  }

  /** Those of this process. */
  static GpuLeases here() {
    return OF_THIS_PROCESS;
  }

  /**
   * What gives GPUs to a task.
   *
   * @param sparks the address that Spark has given it
   * @param isOfCluster whether nobody else may
   */
  record Giver(Optional<String> sparks, boolean isOfCluster) {
    /** Of the task of this thread. In local mode the driver is the executor. */
    static Giver ofThisTask() {
      TaskContext task = TaskContext.get();
      if (task == null) {
        return new Giver(Optional.empty(), false);
      }
      return new Giver(
          Optional.ofNullable(task.resourcesJMap().get(RESOURCE))
              .map(ResourceInformation::addresses)
              .flatMap(addresses -> Arrays.stream(addresses).findFirst()),
          !SparkEnv.get().executorId().equals("driver"));
    }
  }

  /** Work on a device. */
  interface Work<D, R> {
    R on(D device) throws Exception;
  }

  /**
   * Does work of this thread's task.
   *
   * @param settings which say whether GPUs are used; the work is given them with the task's own
   * @throws GpuRequiredException if there must be one and there is none
   */
  <R> R with(Accelerator.Settings settings, Work<Accelerator.Settings, R> work) throws Exception {
    return with(settings, Giver.ofThisTask(), work);
  }

  /** The same for a task that is given a GPU by somebody. */
  <R> R with(Accelerator.Settings settings, Giver giver, Work<Accelerator.Settings, R> work)
      throws Exception {
    return settings.gpu().use() == GpuUse.OFF
        ? work.on(settings)
        : lent(giver, answer -> work.on(on(settings, giver, answer)));
  }

  /** Does work with what there is for this thread's task. */
  <R> R lent(Work<GpuAnswer, R> work) throws Exception {
    return lent(Giver.ofThisTask(), work);
  }

  private <R> R lent(Giver giver, Work<GpuAnswer, R> work) throws Exception {
    if (giver.sparks().isPresent()) {
      return logged(giver.sparks().get(), work);
    }
    if (giver.isOfCluster()) {
      return work.on(NOT_GIVEN);
    }
    int place = take();
    if (place < 0) {
      return work.on(new GpuRefusal(noneUsable()));
    }
    try {
      return work.on(usable.get(place));
    } finally {
      giveBack(place);
    }
  }

  /** A line at both ends, of which tests learn what Spark gives. */
  private <R> R logged(String address, Work<GpuAnswer, R> work) throws Exception {
    long task = TaskContext.get() == null ? -1 : TaskContext.get().taskAttemptId();
    LOG.info("task {} computes with GPU {}", task, address);
    try {
      return work.on(gpus.at(address));
    } finally {
      LOG.info("task {} has left GPU {}", task, address);
    }
  }

  /** Settings for a GPU, or for the CPU, which is said once where a GPU might be expected. */
  private Accelerator.Settings on(Accelerator.Settings settings, Giver giver, GpuAnswer answer) {
    if (answer instanceof Gpu gpu) {
      return settings.with(settings.gpu().at(gpu.card().pciId().toString()));
    }
    String reason = ((GpuRefusal) answer).reason();
    if (settings.gpu().use() == GpuUse.REQUIRED) {
      throw new GpuRequiredException(reason);
    }
    if ((gpus.mayExist() || giver.sparks().isPresent()) && isNew(reason)) {
      LOG.warn("Computing on the CPU and not on a GPU: {}", reason);
    }
    return settings.with(settings.gpu().at(""));
  }

  private synchronized boolean isNew(String reason) {
    return said.add(reason);
  }

  /** Why this process has none that it can use. */
  private String noneUsable() {
    Set<String> reasons = new LinkedHashSet<>();
    gpus.problem()
        .ifPresentOrElse(
            reasons::add,
            () ->
                gpus.cards().stream()
                    .map(gpus::answer)
                    .filter(GpuRefusal.class::isInstance)
                    .forEach(refusal -> reasons.add(((GpuRefusal) refusal).reason())));
    return String.join(" ", reasons);
  }

  /** The place of the usable GPU with the fewest tasks, which has one more now; -1 for none. */
  private synchronized int take() {
    if (usable == null) {
      usable = gpus.usable();
      tasks = new int[usable.size()];
    }
    int fewest = tasks.length - 1;
    for (int place = tasks.length - 1; place >= 0; place--) {
      fewest = tasks[place] <= tasks[fewest] ? place : fewest;
    }
    if (fewest >= 0) {
      tasks[fewest]++;
    }
    return fewest;
  }

  private synchronized void giveBack(int place) {
    tasks[place]--;
  }
}
