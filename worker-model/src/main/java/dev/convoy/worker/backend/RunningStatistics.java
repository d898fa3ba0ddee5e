package dev.convoy.worker.backend;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.model.layer.FrozenBatchNormalization;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures running statistics in the memory of the host, from the gradients: there propagation
 * leaves what is to be taken off them.
 */
final class RunningStatistics implements StatisticsMeasurement {
  private final ComputationGraph network;
  private final Propagation propagation;
  private final Optional<StreamingPropagation> streaming;
  private final List<Part> parts = new ArrayList<>();
  private long examples;

  /** One statistic of one layer: its values, and a sum over examples of what a batch has. */
  private record Part(Segment segment, INDArray values, double decay, double[] sums) {
    /** What is taken off a statistic of 0 is (decay − 1) × the batch's. */
    void add(FloatPointer change, int size) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += size * (double) change.get(i) / (decay - 1);
      }
    }
  }

  /**
   * Begins with zeros: what is taken off them tells what a batch had.
   *
   * @param streaming propagates where nobody keeps all gradients
   */
  RunningStatistics(
      ComputationGraph network, Propagation propagation, Optional<StreamingPropagation> streaming) {
    this.network = network;
    this.propagation = propagation;
    this.streaming = streaming;
    for (Segment segment : Segment.of(network)) {
      if (segment.kind() == Segment.Kind.RUNNING_STATISTIC
          && !segment.parameter().equals(BatchNormalizationParamInitializer.GLOBAL_LOG_STD)
          && network.getLayer(segment.layer()).conf().getLayer()
              instanceof BatchNormalization normalization
          && !(normalization instanceof FrozenBatchNormalization)) {
        parts.add(
            new Part(
                segment,
                network.getLayer(segment.layer()).getParam(segment.parameter()),
                normalization.getDecay(),
                new double[Math.toIntExact(segment.length())]));
      }
    }
    parts.forEach(part -> part.values().assign(0));
    propagation.parametersChanged();
  }

  /** Whether there are any. */
  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** The targets do not matter: statistics are those of the forward pass. */
  @Override
  public void add(Images images, int size, long dropoutKey) {
    Targets any = Targets.ofClasses(new int[size]);
    examples += size;
    if (streaming.isPresent()) {
      streaming
          .get()
          .gradient(
              images,
              any,
              size,
              dropoutKey,
              (layer, parameter, gradient) ->
                  parts.stream()
                      .filter(part -> part.segment().isOf(layer, parameter))
                      .forEach(part -> part.add(gradient, size)));
    } else {
      propagation.gradient(images, any, size, dropoutKey);
      FloatPointer all = HostVector.memory(HostVector.gradients(network));
      parts.forEach(part -> part.add(all.getPointer(part.segment().offset()), size));
    }
  }

  @Override
  public void assign() {
    for (Part part : parts) {
      for (int i = 0; i < part.sums().length; i++) {
        part.values().putScalar(i, part.sums()[i] / examples);
      }
    }
    propagation.parametersChanged();
  }
}
