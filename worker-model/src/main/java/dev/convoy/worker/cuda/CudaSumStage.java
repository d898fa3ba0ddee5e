package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.SumNode;
import java.util.List;

/** The sum of values of equal extent, and a function of it. */
final class CudaSumStage implements Stage<CudaPlan, DeviceTensor> {
  private final SumNode node;
  private final DeviceTensor output;

  CudaSumStage(SumNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    output = plan.allocate(inputs.get(0).shape());
    DeviceTensor sum = inputs.get(0);
    for (int i = 1; i < inputs.size(); i++) {
      boolean isLast = i == inputs.size() - 1;
      Activation function = isLast ? node.activation() : Activation.NONE;
      Functions.add(plan, function, sum, inputs.get(i), output);
      sum = output;
    }
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    DeviceTensor inner = Functions.backward(plan, node.activation(), output, gradient);
    node.inputs().forEach(input -> gradients.add(input, inner));
  }
}
