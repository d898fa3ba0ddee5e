package dev.convoy.benchmark.report;

import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.compare.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

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

  private static double timesPyTorch(Task task) {
    return task.mode() == Mode.TRAINING && task.workload() != Workload.VGG_11 ? 1.2 : 1.0;
  }
}
