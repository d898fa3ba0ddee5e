package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.MaximumNode;
import java.util.List;

/** The largest of values of equal extent, place by place. */
final class CudaMaximumStage implements Stage<CudaPlan, DeviceTensor> {
  private final MaximumNode node;
  private final List<DeviceTensor> inputs;
  private final DeviceTensor output;

  CudaMaximumStage(MaximumNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    this.inputs = List.copyOf(inputs);
    output = plan.allocate(inputs.get(0).shape());
    DeviceTensor largest = inputs.get(0);
    for (DeviceTensor input : inputs.subList(1, inputs.size())) {
      plan.launch(
          "maximum", output.type(), Grid.of(output.size()), largest, input, output, output.size());
      largest = output;
    }
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  /** Each argument in its turn takes the gradient where it is the largest; the rest is left. */
  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    DeviceTensor rest = gradient;
    for (int i = 0; i < inputs.size(); i++) {
      DeviceTensor taken = plan.allocate(output.shape());
      DeviceTensor left = plan.allocate(output.shape());
      plan.launch(
          "maximum_gradient",
          output.type(),
          Grid.of(output.size()),
          inputs.get(i),
          output,
          rest,
          taken,
          left,
          output.size());
      gradients.add(node.inputs().get(i), taken);
      rest = left;
    }
  }
}
