package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.optimizer.HostVector;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Propagation on a device of a network whose parameters and gradients the host keeps: for update
 * rules that have no kernels. Parameters go to the device when they have changed, and gradients
 * come back after every batch.
 */
final class CudaPropagation extends CudaInference implements Propagation {
  private final ComputationGraph host;
  private boolean isChanged = true;

  /** Closes the network on the device when it is closed. */
  CudaPropagation(ComputationGraph host, CudaNetwork network) {
    super(network);
    this.host = host;
  }

  @Override
  void enter() {
    super.enter();
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
    float[] gradients = new float[Math.toIntExact(host.numParams())];
    network.vectors().download(network.vectors().gradients(), gradients);
    HostVector.set(HostVector.gradients(host), gradients);
  }

  @Override
  public void parametersChanged() {
    isChanged = true;
  }
}
