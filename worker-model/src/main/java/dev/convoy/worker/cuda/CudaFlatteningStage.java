package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.FlatteningNode;
import java.util.List;

/** All values of an image as a vector, in the order channel, row, column. */
final class CudaFlatteningStage implements Stage<CudaPlan, DeviceTensor> {
  private final FlatteningNode node;
  private final DeviceTensor input;
  private final DeviceTensor output;

  CudaFlatteningStage(FlatteningNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    input = inputs.get(0);
    output = ImageRows.of(plan, input);
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    String source = node.inputs().get(0);
    if (gradients.areWanted(source)) {
      gradients.add(source, ImageRows.backward(plan, input, gradient));
    }
  }
}
