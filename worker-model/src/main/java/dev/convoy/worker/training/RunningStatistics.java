package dev.convoy.worker.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The running means and variances of a network's batch normalisation, measured anew: means over
 * batches of what a batch in training is normalised by, which depends on the other parameters
 * alone. A network whose weights were averaged needs that (Izmailov et al. 2018, "Averaging weights
 * leads to wider optima and better generalization").
 *
 * <p>Used by one thread at a time.
 */
final class RunningStatistics {
  private final List<Part> parts = new ArrayList<>();
  private long examples;

  /** One statistic of one layer: views of the flat vectors, and a sum over examples. */
  private record Part(INDArray parameters, INDArray gradient, double decay, double[] sums) {}

  /**
   * Of a network.
   *
   * @param network initialised, with flattened gradients
   */
  RunningStatistics(ComputationGraph network) {
    INDArray all = network.params().reshape(1, network.numParams());
    INDArray changes = network.getFlattenedGradients().reshape(1, network.numParams());
    for (Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof BatchNormalization normalization) {
        for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
          if (isStatistic(entry.getKey())) {
            long from = entry.getValue().offset() - all.offset();
            long to = from + entry.getValue().length();
            parts.add(
                new Part(
                    part(all, from, to),
                    part(changes, from, to),
                    normalization.getDecay(),
                    new double[Math.toIntExact(to - from)]));
          }
        }
      }
    }
  }

  private static boolean isStatistic(String parameter) {
    return parameter.equals(BatchNormalizationParamInitializer.GLOBAL_MEAN)
        || parameter.equals(BatchNormalizationParamInitializer.GLOBAL_VAR);
  }

  private static INDArray part(INDArray row, long from, long to) {
    return row.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
  }

  /** Whether there are any. */
  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Begins a measurement: with zeros, what is taken off them tells what a batch had. */
  void clear() {
    examples = 0;
    for (Part part : parts) {
      part.parameters().assign(0);
      java.util.Arrays.fill(part.sums(), 0);
    }
  }

  /**
   * Takes a batch in, whose gradient the network just computed: what is taken off a statistic of 0
   * is (decay − 1) × the batch's.
   *
   * @param size examples in the batch
   */
  void add(int size) {
    examples += size;
    for (Part part : parts) {
      for (int i = 0; i < part.sums().length; i++) {
        part.sums()[i] += size * part.gradient().getDouble(i) / (part.decay() - 1);
      }
    }
  }

  /** Leaves the means in the network's parameters. */
  void assign() {
    for (Part part : parts) {
      for (int i = 0; i < part.sums().length; i++) {
        part.parameters().putScalar(i, part.sums()[i] / examples);
      }
    }
  }
}
