package dev.convoy.worker.backend;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.model.layer.FrozenBatchNormalization;
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
 * Measures running statistics in the memory of the host, from the gradient vector: there
 * propagation leaves what is to be taken off them.
 */
final class RunningStatistics implements StatisticsMeasurement {
  private final Propagation propagation;
  private final List<Part> parts = new ArrayList<>();
  private long examples;

  /** One statistic of one layer: views of the flat vectors, and a sum over examples. */
  private record Part(INDArray parameters, INDArray gradient, double decay, double[] sums) {}

  /** Begins with zeros: what is taken off them tells what a batch had. */
  RunningStatistics(ComputationGraph network, Propagation propagation) {
    this.propagation = propagation;
    if (network.getFlattenedGradients() == null) {
      network.initGradientsView();
    }
    INDArray all = network.params().reshape(1, network.numParams());
    INDArray changes = network.getFlattenedGradients().reshape(1, network.numParams());
    for (Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof BatchNormalization normalization
          && !(normalization instanceof FrozenBatchNormalization)) {
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
    parts.forEach(part -> part.parameters().assign(0));
    propagation.parametersChanged();
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

  /**
   * What is taken off a statistic of 0 is (decay − 1) × the batch's. The targets do not matter:
   * statistics are those of the forward pass.
   */
  @Override
  public void add(Images images, int size, long dropoutKey) {
    propagation.gradient(images, Targets.ofClasses(new int[size]), size, dropoutKey);
    examples += size;
    for (Part part : parts) {
      for (int i = 0; i < part.sums().length; i++) {
        part.sums()[i] += size * part.gradient().getDouble(i) / (part.decay() - 1);
      }
    }
  }

  @Override
  public void assign() {
    for (Part part : parts) {
      for (int i = 0; i < part.sums().length; i++) {
        part.parameters().putScalar(i, part.sums()[i] / examples);
      }
    }
    propagation.parametersChanged();
  }
}
