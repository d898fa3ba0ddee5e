package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.Head;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.RecomputedSegments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Forward, loss and backward for one batch size. */
final class CudaTrainingPlan implements AutoCloseable {
  private final CudaPlan plan;
  private final BatchInput input;
  private final LossOnHost lossOnHost;
  private final Map<String, DeviceTensor> values = new HashMap<>();

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
    List<List<Node>> segments =
        network.recomputes() ? RecomputedSegments.of(fused) : List.of(fused.nodes());
    plan.add(network.vectors()::halve);
    DeviceTensor images = plan.keep(plan.allocate(graph.image()));
    input.addUnpacking(plan, images);
    values.put(graph.imageName(), images);
    List<Stage<CudaPlan, DeviceTensor>> stages = List.of();
    for (List<Node> segment : segments) {
      stages = forward(segment);
    }
    Set<String> unwanted = new HashSet<>(network.settled());
    unwanted.add(graph.imageName());
    Gradients<DeviceTensor> gradients = plan.gradients(unwanted);
    HeadLoss loss =
        lossOnHost == null ? new CrossEntropyOnDevice(input, network.lossSum()) : lossOnHost;
    for (Head head : fused.heads()) {
      DeviceTensor logits = plan.inType(values.get(head.logits()), ValueFormat.FLOAT32);
      gradients.add(head.logits(), loss.add(plan, head, logits));
    }
    for (int i = segments.size() - 1; i >= 0; i--) {
      boolean isLast = i == segments.size() - 1;
      if (segments.get(i).stream().allMatch(node -> unwanted.contains(node.name()))) {
        continue;
      }
      backward(segments.get(i), isLast ? stages : forward(segments.get(i)), gradients);
    }
    plan.add(network.vectors()::gatherGradients);
    plan.arrange(network.arena());
  }

  private List<Stage<CudaPlan, DeviceTensor>> forward(List<Node> nodes) {
    List<Stage<CudaPlan, DeviceTensor>> stages = new ArrayList<>();
    for (Node node : nodes) {
      Stage<CudaPlan, DeviceTensor> stage =
          CudaStages.add(node, plan, node.inputs().stream().map(values::get).toList());
      stages.add(stage);
      values.put(node.name(), stage.output());
    }
    return stages;
  }

  private void backward(
      List<Node> nodes,
      List<Stage<CudaPlan, DeviceTensor>> stages,
      Gradients<DeviceTensor> gradients) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (gradients.hold(nodes.get(i).name())) {
        ValueFormat type = stages.get(i).output().type();
        DeviceTensor gradient = plan.inType(gradients.take(nodes.get(i).name()), type);
        stages.get(i).backward(plan, gradient, gradients);
      }
    }
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
