package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.optimizer.HostVector;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Propagation on a device of a network whose parameters and gradients the host keeps: for update
 * rules that have no kernels. Parameters go to the device when they have changed, and gradients
 * come back after every batch.
 */
final class CudaPropagation implements Propagation {
  private final ComputationGraph host;
  private final CudaNetwork network;
  private boolean isChanged = true;

  /** Closes the network on the device when it is closed. */
  CudaPropagation(ComputationGraph host, CudaNetwork network) {
    this.host = host;
    this.network = network;
  }

  /** Makes the calling thread's calls the device's, and parameters there those of the host. */
  private void enter() {
    network.device().enter();
    if (isChanged) {
      network.vectors().upload(HostVector.copy(host.params()), network.vectors().values());
      isChanged = false;
    }
  }

  @Override
  public double gradient(Images images, Targets targets, int size, long dropoutKey) {
    enter();
    double loss = network.propagate(images, targets, size, dropoutKey);
    leaveGradients();
    return loss;
  }

  @Override
  public double pairedGradient(
      Images pairs, Targets targets, double coefficient, int size, long dropoutKey) {
    enter();
    double loss = network.propagatePairs(pairs, targets, coefficient, size, dropoutKey);
    leaveGradients();
    return loss;
  }

  private void leaveGradients() {
    if (host.getFlattenedGradients() == null) {
      host.initGradientsView();
    }
    float[] gradients = new float[Math.toIntExact(host.numParams())];
    network.vectors().download(network.vectors().gradients(), gradients);
    HostVector.set(host.getFlattenedGradients(), gradients);
  }

  @Override
  public Loss loss() {
    return network.loss();
  }

  @Override
  public float[] outputs(Images images, int size) {
    enter();
    return network.answers(outputs -> {}, images, size);
  }

  @Override
  public float[] probabilities(Images images, int size) {
    enter();
    return network.answers(loss().function()::apply, images, size);
  }

  @Override
  public float[] sampledProbabilities(Images images, long[] keys, int size) {
    if (!hasDropout()) {
      return probabilities(images, size);
    }
    enter();
    return network.sampledAnswers(loss().function()::apply, images, keys, size);
  }

  @Override
  public void parametersChanged() {
    isChanged = true;
  }

  @Override
  public boolean hasDropout() {
    return network.hasDropout();
  }

  @Override
  public String description() {
    return network.description();
  }

  @Override
  public void close() {
    network.close();
  }
}
