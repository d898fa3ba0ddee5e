package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.StatisticsMeasurement;
import dev.convoy.worker.graph.BatchNormalizationNode;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures running statistics from the gradient vector: there propagation leaves what is to be
 * taken off them.
 */
final class StatisticsOnDevice implements StatisticsMeasurement {
  private final CudaNetwork network;
  private final float[] parameters;
  private final float[] gradients;
  private final List<Part> parts = new ArrayList<>();
  private long examples;

  /** One statistic of one layer, and a sum over examples. */
  private record Part(int offset, float decay, double[] sums) {}

  /** Begins with zeros: what is taken off them tells what a batch had. */
  StatisticsOnDevice(CudaNetwork network, List<Segment> segments) {
    this.network = network;
    parameters = new float[network.parameters()];
    gradients = new float[network.parameters()];
    for (Node node : network.graph().nodes()) {
      if (node instanceof BatchNormalizationNode normalization && !normalization.frozen()) {
        add(normalization, segments);
      }
    }
    network.device().enter();
    network.vectors().download(network.vectors().values(), parameters);
    for (Part part : parts) {
      for (int i = 0; i < part.sums().length; i++) {
        parameters[part.offset() + i] = 0;
      }
    }
    network.vectors().upload(parameters, network.vectors().values());
  }

  private void add(BatchNormalizationNode node, List<Segment> segments) {
    for (Segment segment : segments) {
      if (segment.layer().equals(node.layer()) && segment.kind() == Kind.RUNNING_STATISTIC) {
        parts.add(
            new Part(
                Math.toIntExact(segment.offset()),
                node.decay(),
                new double[Math.toIntExact(segment.length())]));
      }
    }
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
    network.device().enter();
    network.propagate(images, Targets.ofClasses(new int[size]), size, dropoutKey);
    network.vectors().download(network.vectors().gradients(), gradients);
    examples += size;
    for (Part part : parts) {
      for (int i = 0; i < part.sums().length; i++) {
        part.sums()[i] += (double) size * gradients[part.offset() + i] / (part.decay() - 1);
      }
    }
  }

  @Override
  public void assign() {
    for (Part part : parts) {
      for (int i = 0; i < part.sums().length; i++) {
        parameters[part.offset() + i] = (float) (part.sums()[i] / examples);
      }
    }
    network.device().enter();
    network.vectors().upload(parameters, network.vectors().values());
  }
}
