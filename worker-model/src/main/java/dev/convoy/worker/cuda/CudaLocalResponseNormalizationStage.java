package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.LocalResponseNormalizationNode;
import java.util.List;

/** Local response normalisation. */
final class CudaLocalResponseNormalizationStage implements Stage<CudaPlan, DeviceTensor> {
  private final LocalResponseNormalizationNode node;
  private final DeviceTensor input;
  private final DeviceTensor output;

  CudaLocalResponseNormalizationStage(
      LocalResponseNormalizationNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    input = inputs.get(0);
    output = plan.allocate(input.shape());
    plan.launch(
        "local_response",
        input.type(),
        Grid.of(input.size()),
        input,
        output,
        input.size(),
        input.channels(),
        Math.toIntExact(node.size()),
        node.k(),
        node.alpha(),
        node.beta());
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    String source = node.inputs().get(0);
    if (gradients.areWanted(source)) {
      DeviceTensor ofInput = plan.allocate(input.shape());
      plan.launch(
          "local_response_gradient",
          input.type(),
          Grid.of(input.size()),
          input,
          gradient,
          ofInput,
          input.size(),
          input.channels(),
          Math.toIntExact(node.size()),
          node.k(),
          node.alpha(),
          node.beta());
      gradients.add(source, ofInput);
    }
  }
}
