package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.NetworkSteps;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.Head;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Forward, loss and backward for one batch size. */
final class CudaTrainingPlan implements AutoCloseable {
  private final CudaPlan plan;
  private final BatchInput input;
  private final LossOnHost lossOnHost;

  /**
   * Builds the plan of a network, for batches of one size; it has no memory yet.
   *
   * @param shape what the plan is for
   * @param lossOnHost null if kernels compute the loss
   */
  CudaTrainingPlan(CudaNetwork network, CudaPlanShape shape, LossOnHost lossOnHost) {
    this.lossOnHost = lossOnHost;
    Graph graph = network.graph();
    Device device = network.device();
    input =
        new BatchInput(
            device,
            graph.image(),
            shape.batchSize(),
            network.classes(),
            shape.keyCount(),
            shape.inBytes());
    plan =
        new CudaPlan(
            device,
            network.vectors(),
            shape.batchSize(),
            true,
            network.precision(),
            graph.heads().stream().map(Head::logits).collect(Collectors.toSet()),
            input.keys(),
            shape.keyCount());
    try {
      build(network, graph);
    } catch (RuntimeException e) {
      plan.close();
      throw e;
    }
  }

  private void build(CudaNetwork network, Graph graph) {
    Graph fused = Fusion.forTraining(graph);
    plan.add(network.vectors()::halve);
    DeviceTensor images = plan.keep(plan.allocate(graph.image()));
    input.addUnpacking(plan, images);
    NetworkSteps<CudaPlan, DeviceTensor> steps =
        new NetworkSteps<>(plan, fused, network.recomputes(), images, CudaStages::add);
    Set<String> unwanted = new HashSet<>(network.settled());
    unwanted.add(graph.imageName());
    Gradients<DeviceTensor> gradients = plan.gradients(unwanted);
    HeadLoss loss =
        lossOnHost == null ? new CrossEntropyOnDevice(input, network.lossSum()) : lossOnHost;
    for (Head head : fused.heads()) {
      DeviceTensor logits = plan.inType(steps.value(head.logits()), ValueFormat.FLOAT32);
      gradients.add(head.logits(), loss.add(plan, head, logits));
    }
    steps.addBackward(gradients, (result, gradient) -> plan.inType(gradient, result.type()));
    plan.add(network.vectors()::gatherGradients);
    plan.arrange(network.arena());
  }

  /** Bytes of the device's memory that it takes beside the network's vectors. */
  long bytes() {
    return plan.bytes() + input.bytes();
  }

  /** Takes what it has for itself: it can be run. */
  CudaTrainingPlan allocated() {
    input.allocate();
    return this;
  }

  /** Queues a step: its loss and gradients are where the network keeps them when it is done. */
  void queue(Images images, Targets targets, int learned, long[] keys) {
    input.load(images, 0, plan.batchSize(), targets, learned, keys);
    plan.run();
  }

  /** The host's part in the loss; null if there is none. */
  LossOnHost lossOnHost() {
    return lossOnHost;
  }

  @Override
  public void close() {
    plan.close();
    input.close();
  }
}
