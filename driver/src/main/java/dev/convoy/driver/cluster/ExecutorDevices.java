package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.cuda.device.Gpu;
import dev.convoy.worker.cuda.device.GpuRefusal;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.cuda.device.Gpus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;

/**
 * What the executors of an application compute networks on, as far as one small task per slot
 * reaches them. Driver only.
 *
 * @param executors by the kind of their device, see {@link Gpu#kind}, or {@link #CPU}
 * @param refusals why executors compute on the CPU though there is a GPU, or has to be; by the
 *     reason
 */
public record ExecutorDevices(
    Map<String, Set<String>> executors, Map<String, Set<String>> refusals) {
  /** The kind of an executor without a GPU. */
  public static final String CPU = "CPU";

  /** All of them compute on the CPU, and nobody expects otherwise. */
  static final ExecutorDevices CPUS = new ExecutorDevices(Map.of(CPU, Set.of()), Map.of());

  /** Whether a run uses GPUs; the stock averaging never does. */
  static GpuUse useOf(RunConfiguration configuration) {
    return configuration.training().averaging().isStock()
        ? GpuUse.OFF
        : configuration.accelerator().gpu().use();
  }

  /**
   * Asks the executors, if there may be GPUs.
   *
   * @throws UnsuitableClusterException if some have none and all must
   */
  static ExecutorDevices of(SparkCluster cluster, GpuUse use) {
    if (use == GpuUse.OFF || (use == GpuUse.AUTO && !mayExist(cluster.context().getConf()))) {
      return CPUS;
    }
    List<String[]> answers = cluster.numbers(cluster.slots()).map(ignored -> here()).collect();
    return of(answers, use);
  }

  /** Where Spark has been told of none, its tasks are given none. */
  private static boolean mayExist(SparkConf conf) {
    return SparkSettings.isLocal(conf)
        ? Gpus.ofThisMachine().mayExist()
        : TaskSlots.of(conf).gpus() > 0;
  }

  /** The executor, the kind of its device, and why it is no GPU. */
  private static String[] here() throws Exception {
    String executor = ExecutorInstructions.name();
    return GpuLeases.here()
        .lent(
            answer ->
                answer instanceof Gpu gpu
                    ? new String[] {executor, gpu.kind(), ""}
                    : new String[] {executor, CPU, ((GpuRefusal) answer).reason()});
  }

  /**
   * What the executors say.
   *
   * @param answers each an executor, the kind of its device, and why it is no GPU
   * @throws UnsuitableClusterException if some have none and all must
   */
  static ExecutorDevices of(List<String[]> answers, GpuUse use) {
    Map<String, Set<String>> executors = new TreeMap<>();
    Map<String, Set<String>> refusals = new TreeMap<>();
    for (String[] answer : answers) {
      executors.computeIfAbsent(answer[1], any -> new TreeSet<>()).add(answer[0]);
      if (!answer[2].isEmpty()) {
        refusals.computeIfAbsent(answer[2], any -> new TreeSet<>()).add(answer[0]);
      }
    }
    if (use == GpuUse.REQUIRED && executors.containsKey(CPU)) {
      throw new UnsuitableClusterException(
          "accelerator.gpu = required: expected a GPU for every worker, found executors without one."
              + " %s With accelerator.gpu = auto they compute on the CPU.",
          reasons(refusals));
    }
    return new ExecutorDevices(executors, refusals);
  }

  /** Whether any executor computes on a GPU. */
  public boolean hasGpus() {
    return executors.keySet().stream().anyMatch(kind -> !kind.equals(CPU));
  }

  /**
   * What results depend on in their last bits, for a run's identity: the same text for the same
   * kinds of devices.
   */
  public String kinds() {
    return String.join("; ", executors.keySet());
  }

  /**
   * What a person is to know when a run begins: nothing where all compute on the CPU as expected.
   */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (hasGpus()) {
      notes.add(
          "GPU: "
              + executors.entrySet().stream()
                  .map(
                      kind -> Text.of("%s (%s)", kind.getKey(), String.join(", ", kind.getValue())))
                  .collect(Collectors.joining("; ")));
    }
    if (!refusals.isEmpty()) {
      notes.add("note: computing on the CPU and not on a GPU. " + reasons(refusals));
    }
    if (executors.size() > 1) {
      notes.add(
          "note: the executors compute on devices of different kinds, so that the result depends"
              + " on which of them trains what, and does not repeat");
    }
    return notes;
  }

  private static String reasons(Map<String, Set<String>> refusals) {
    return refusals.entrySet().stream()
        .map(refusal -> String.join(", ", refusal.getValue()) + ": " + refusal.getKey())
        .collect(Collectors.joining(" "));
  }
}
