package dev.convoy.driver.training;

import dev.convoy.driver.averaging.Layout;
import dev.convoy.driver.averaging.StatisticsAveraging;
import dev.convoy.driver.cluster.VectorSizes;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.WorkerSettings;
import java.util.List;
import java.util.Map;

/**
 * What the driver knows of the network that its workers train.
 *
 * @param segments of the parameters
 * @param decays of the running statistics of layers that have them, by the layers' names
 * @param sizes of what workers exchange
 * @param description for a person: how a CPU computes it
 */
record KnownNetwork(
    List<Segment> segments, Map<String, Double> decays, VectorSizes sizes, String description) {
  /** Makes the network on a CPU, looks at it and throws it away. */
  static KnownNetwork of(WorkerSettings settings) {
    WorkerSettings onCpu = settings.with(settings.accelerator().with(GpuChoice.OFF));
    try (LocalTrainer first = LocalTrainer.undrawn(onCpu)) {
      return new KnownNetwork(
          first.segments(),
          first.statisticsDecays(),
          new VectorSizes(first.parameterCount(), first.optimizerStateLength()),
          first.description());
    }
  }

  /**
   * The layout of what workers send.
   *
   * @param ofGradients whether these are gradients in place of parameters
   */
  Layout layout(StatisticsAveraging statistics, boolean ofGradients) {
    return ofGradients
        ? Layout.ofGradient(segments, statistics, decays)
        : Layout.of(segments, statistics);
  }
}
