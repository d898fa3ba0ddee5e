package dev.convoy.driver.cluster;

import dev.convoy.worker.natives.InstructionSet;
import dev.convoy.worker.natives.InstructionSetLimit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;

/**
 * Makes sure that the executors of an application compute with the same instructions: the result of
 * a round would otherwise depend on which of them trained which shard. Driver only.
 */
final class ExecutorInstructions {
  private ExecutorInstructions() {}

  /**
   * What all executors compute with, as far as one small task per slot reaches them; later ones are
   * checked before they train.
   *
   * @throws UnsuitableClusterException if they differ, or are not held to the limit
   */
  static InstructionSet of(SparkCluster cluster, InstructionSetLimit limit) {
    List<String[]> found = cluster.numbers(cluster.slots()).map(ignored -> here()).collect();
    Map<String, InstructionSet> byExecutor = new TreeMap<>();
    for (String[] executor : found) {
      byExecutor.put(executor[0], new InstructionSet(executor[1], executor[2]));
    }
    return common(byExecutor, limit);
  }

  private static String[] here() {
    InstructionSet inUse = InstructionSet.inUse();
    return new String[] {name(), inUse.oneDnn(), inUse.blas()};
  }

  /** Of the executor that this task is on, for a person. */
  static String name() {
    SparkEnv spark = SparkEnv.get();
    return "executor " + spark.executorId() + " on " + spark.blockManager().blockManagerId().host();
  }

  /**
   * What all executors compute with.
   *
   * @throws UnsuitableClusterException if they differ, or are not held to the limit
   */
  static InstructionSet common(Map<String, InstructionSet> byExecutor, InstructionSetLimit limit) {
    Set<InstructionSet> all = new LinkedHashSet<>(byExecutor.values());
    InstructionSet first = all.iterator().next();
    if (!all.stream().allMatch(limit::isMetBy)) {
      throw new UnsuitableClusterException(
          "accelerator.instruction-set = %s: expected processors that have it, and processes that"
              + " begin with it, found %s.",
          limit.key(), describe(byExecutor));
    }
    if (all.size() > 1) {
      throw new UnsuitableClusterException(
          "Cannot train on executors that compute with different instructions, since the result"
              + " would depend on which of them trains what: found %s. Set"
              + " accelerator.instruction-set = %s, which all of them have.",
          describe(byExecutor), InstructionSetLimit.common(all).key());
    }
    return first;
  }

  private static String describe(Map<String, InstructionSet> byExecutor) {
    Map<String, Set<String>> executors = new TreeMap<>();
    byExecutor.forEach(
        (name, set) -> executors.computeIfAbsent(set.toString(), any -> new TreeSet<>()).add(name));
    return executors.entrySet().stream()
        .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
        .collect(Collectors.joining("; "));
  }

  /**
   * Makes sure on an executor that it computes as the run's others do.
   *
   * @throws UnsuitableClusterException if it does not
   */
  static void require(InstructionSet expected) {
    InstructionSet inUse = InstructionSet.inUse();
    if (!inUse.equals(expected)) {
      throw new UnsuitableClusterException(
          "Cannot train on %s: expected an executor that computes with %s as the others do,"
              + " found %s. Set accelerator.instruction-set = %s, and the run goes on.",
          name(), expected, inUse, InstructionSetLimit.common(List.of(expected, inUse)).key());
    }
  }
}
