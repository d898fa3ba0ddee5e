package dev.convoy.driver.check;

import dev.convoy.worker.check.ShortTraining;
import dev.convoy.worker.check.ShortTraining.Material;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.StepNorms;
import dev.convoy.worker.training.WorkerSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What steps do that are taken as the run would take them: with its rule and penalties, at the
 * highest rate of its schedule, which is approached over the first of them.
 *
 * @param segments the parts of the parameters
 * @param ratios by layer with weights, the median over the steps of ‖update‖ / ‖weights‖
 * @param secondsPerImage of a step, its median
 * @param loss before the last step, in nats
 */
record FirstSteps(List<Segment> segments, double[] ratios, double secondsPerImage, double loss) {
  private static final int STEPS = 36;
  private static final int WARM_UP = 16;

  static FirstSteps of(WorkerSettings settings, Material material, Effort effort, double rate) {
    int steps = Math.max(8, effort.steps(STEPS));
    int warmUp = steps * WARM_UP / STEPS;
    List<StepNorms> norms = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    double[] loss = {0};
    try (ShortTraining network = new ShortTraining(settings, material)) {
      network.train(
          material,
          steps,
          step -> rate * Math.min(1, (step + 1.0) / warmUp),
          step -> {
            if (step.number() >= warmUp) {
              norms.add(step.norms());
              seconds.add(step.nanos() / 1e9 / material.batchSize());
            }
            loss[0] = step.loss();
            return Double.isFinite(step.loss());
          });
      int[] weights = StepNorms.weights(network.segments());
      double[] ratios = new double[weights.length];
      for (int i = 0; i < weights.length; i++) {
        int[] segment = {weights[i]};
        ratios[i] = median(norms.stream().mapToDouble(one -> one.updateRatio(segment)).toArray());
      }
      return new FirstSteps(
          network.segments(),
          ratios,
          median(seconds.stream().mapToDouble(Double::doubleValue).toArray()),
          loss[0]);
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
