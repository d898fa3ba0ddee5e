package dev.convoy.benchmark.report;

import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.compare.Peer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Something that Convoy is to reach, and what it came to.
 *
 * @param what was compared
 * @param bound what is asked for
 * @param atLeast whether the bound is a lower one
 * @param value what was measured
 */
public record Target(String what, double bound, boolean atLeast, double value) {
  private static final double BARE_LOOP_SHARE = 0.95;
  private static final double LARGEST_WAIT = 0.02;
  private static final double STOCK_AVERAGING_TIMES = 20;
  private static final double SMALL_NETWORK_TIMES = 1.3;
  private static final double TRAINING_TIMES = 1.2;
  private static final double INFERENCE_TIMES = 1.3;
  private static final double BFLOAT16_TIMES_PYTORCH = 1.3;
  private static final double BFLOAT16_TIMES_FLOAT32 = 2;
  private static final double BFLOAT16_MEMORY = 0.65;

  /** Whether it was reached. */
  public boolean isMet() {
    return atLeast ? value >= bound : value <= bound;
  }

  /** All targets that can be judged by what was measured. */
  static List<Target> of(Results results) {
    List<Target> targets = new ArrayList<>();
    for (Task task : results.tasks()) {
      OptionalDouble convoy = results.median(task, Peer.CONVOY);
      OptionalDouble pyTorch = results.bestPyTorch(task);
      if (convoy.isPresent() && pyTorch.isPresent()) {
        targets.add(
            new Target(
                task + ": Convoy / best PyTorch",
                timesPyTorch(task),
                true,
                convoy.getAsDouble() / pyTorch.getAsDouble()));
      }
      addBfloat16(task, results, targets);
      OptionalLong own = results.peakBytes(task, Peer.CONVOY);
      OptionalLong least = results.leastPyTorchBytes(task);
      if (task.workload().isNetworkOfTheField()
          && task.mode() == Mode.TRAINING
          && own.isPresent()
          && least.isPresent()) {
        targets.add(
            new Target(
                task + ": peak memory, Convoy / least PyTorch",
                1,
                false,
                (double) own.getAsLong() / least.getAsLong()));
      }
      OptionalDouble averaging = results.median(task, Peer.DL4J_AVERAGING);
      if (task.workload() == Workload.RESNET_20 && convoy.isPresent() && averaging.isPresent()) {
        targets.add(
            new Target(
                task + ": Convoy / stock parameter averaging",
                STOCK_AVERAGING_TIMES,
                true,
                convoy.getAsDouble() / averaging.getAsDouble()));
      }
    }
    for (Mode mode : Mode.values()) {
      medianOfTheField(results, mode).ifPresent(targets::add);
    }
    results
        .spark()
        .ifPresent(
            spark -> {
              targets.add(
                  new Target(
                      "resnet-20, batch 64, training: Convoy on Spark local[2] / bare loop",
                      BARE_LOOP_SHARE,
                      true,
                      spark.application().median() / spark.bareLoop().median()));
              targets.add(
                  new Target(
                      "the same on JPEGs, crop, flip, normalise: share of a step spent waiting",
                      LARGEST_WAIT,
                      false,
                      spark.waitingShare().median()));
            });
    return targets;
  }

  private static void addBfloat16(Task task, Results results, List<Target> targets) {
    OptionalDouble halved = results.median(task, Peer.CONVOY_BFLOAT16);
    OptionalDouble pyTorch = results.bestPyTorchInBfloat16(task);
    if (halved.isPresent() && pyTorch.isPresent()) {
      targets.add(
          new Target(
              task + ": Convoy / best PyTorch, both in bfloat16",
              BFLOAT16_TIMES_PYTORCH,
              true,
              halved.getAsDouble() / pyTorch.getAsDouble()));
    }
    OptionalDouble single = results.median(task, Peer.CONVOY);
    if (halved.isPresent() && single.isPresent()) {
      targets.add(
          new Target(
              task + ": Convoy in bfloat16 / in float32",
              BFLOAT16_TIMES_FLOAT32,
              true,
              halved.getAsDouble() / single.getAsDouble()));
    }
    OptionalLong less = results.peakBytes(task, Peer.CONVOY_BFLOAT16);
    OptionalLong bytes = results.peakBytes(task, Peer.CONVOY);
    if (task.mode() == Mode.TRAINING && less.isPresent() && bytes.isPresent()) {
      targets.add(
          new Target(
              task + ": peak memory, Convoy in bfloat16 / in float32",
              BFLOAT16_MEMORY,
              false,
              (double) less.getAsLong() / bytes.getAsLong()));
    }
  }

  /** Over the networks of the field, if there are several. */
  private static Optional<Target> medianOfTheField(Results results, Mode mode) {
    double[] ratios =
        results.tasks().stream()
            .filter(task -> task.workload().isNetworkOfTheField() && task.mode() == mode)
            .filter(task -> results.median(task, Peer.CONVOY).isPresent())
            .filter(task -> results.bestPyTorch(task).isPresent())
            .mapToDouble(
                task ->
                    results.median(task, Peer.CONVOY).getAsDouble()
                        / results.bestPyTorch(task).getAsDouble())
            .toArray();
    return ratios.length < 2
        ? Optional.empty()
        : Optional.of(
            new Target(
                mode + ", median over networks: Convoy / best PyTorch",
                mode == Mode.TRAINING ? TRAINING_TIMES : INFERENCE_TIMES,
                true,
                new Measurement(Arrays.stream(ratios).boxed().toList()).median()));
  }

  private static double timesPyTorch(Task task) {
    return task.workload().isNetworkOfTheField() ? 1 : SMALL_NETWORK_TIMES;
  }
}
