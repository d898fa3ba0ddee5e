package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.GroupNormalizationNode;
import dev.convoy.worker.model.layer.GroupNormalization;
import java.util.List;

/** Group normalisation of images or vectors, and a relu of the result if wanted. */
final class CudaGroupNormalizationStage implements Stage<CudaPlan, DeviceTensor> {
  private final GroupNormalizationNode node;
  private final DeviceTensor input;
  private final DeviceTensor output;
  private final DeviceTensor means;
  private final DeviceTensor inverses;
  private final int groups;
  private final int relu;

  CudaGroupNormalizationStage(
      GroupNormalizationNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    input = inputs.get(0);
    output = plan.allocate(input.shape());
    groups = Math.toIntExact(node.groups());
    relu = node.activation().isNone() ? 0 : 1;
    means = plan.floats((long) plan.batchSize() * groups);
    inverses = plan.floats((long) plan.batchSize() * groups);
    plan.launch(
        "group_statistics",
        input.type(),
        Grid.ofBlocks((long) plan.batchSize() * groups),
        input,
        means,
        inverses,
        input.channels(),
        input.plane(),
        groups,
        node.epsilon());
    plan.launch(
        "group_normalize",
        input.type(),
        Grid.of(input.size()),
        input,
        means,
        inverses,
        plan.network().value(node.layer(), GroupNormalization.SCALE),
        plan.network().value(node.layer(), GroupNormalization.SHIFT),
        output,
        input.size(),
        input.channels(),
        input.plane(),
        groups,
        relu);
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    DeviceTensor ofScale = plan.allocate(input.shape(), ValueFormat.FLOAT32);
    DeviceTensor ofShift = plan.allocate(input.shape(), ValueFormat.FLOAT32);
    plan.launch(
        "group_terms",
        input.type(),
        Grid.of(input.size()),
        input,
        gradient,
        means,
        inverses,
        plan.network().value(node.layer(), GroupNormalization.SCALE),
        plan.network().value(node.layer(), GroupNormalization.SHIFT),
        ofScale,
        ofShift,
        input.size(),
        input.channels(),
        input.plane(),
        groups,
        relu);
    sum(plan, ofScale, GroupNormalization.SCALE);
    sum(plan, ofShift, GroupNormalization.SHIFT);
    String source = node.inputs().get(0);
    if (gradients.areWanted(source)) {
      DeviceTensor ofInput = plan.allocate(input.shape());
      plan.launch(
          "group_gradient",
          input.type(),
          Grid.ofBlocks((long) plan.batchSize() * groups),
          input,
          means,
          inverses,
          plan.network().value(node.layer(), GroupNormalization.SCALE),
          ofScale,
          ofShift,
          ofInput,
          input.channels(),
          input.plane(),
          groups);
      gradients.add(source, ofInput);
    }
  }

  private void sum(CudaPlan plan, DeviceTensor terms, String parameter) {
    Columns.sumInto(plan, terms, plan.network().gradient(node.layer(), parameter));
  }
}
