package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ActivationNode;
import java.util.List;

/** A function of each value, on its own. */
final class CudaActivationStage implements Stage<CudaPlan, DeviceTensor> {
  private final ActivationNode node;
  private final DeviceTensor input;
  private final DeviceTensor output;

  CudaActivationStage(ActivationNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    input = inputs.get(0);
    if (node.activation().isNone()) {
      output = input;
    } else {
      output = plan.allocate(input.shape());
      Functions.forward(plan, node.activation(), input, Address.NONE, output);
    }
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    String source = node.inputs().get(0);
    if (gradients.areWanted(source)) {
      DeviceTensor known = node.activation().isDerivedFromArgument() ? input : output;
      gradients.add(source, Functions.backward(plan, node.activation(), known, gradient));
    }
  }
}
