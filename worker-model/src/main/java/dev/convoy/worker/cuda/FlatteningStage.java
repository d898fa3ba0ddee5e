package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.FlatteningNode;
import java.util.List;

/** All values of an image as a vector, in the order channel, row, column. */
final class FlatteningStage implements Stage {
  private final FlatteningNode node;
  private final DeviceTensor input;
  private final DeviceTensor output;

  FlatteningStage(FlatteningNode node, Plan plan, List<DeviceTensor> inputs) {
    this.node = node;
    input = inputs.get(0);
    output = Rows.of(plan, input);
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, DeviceTensor gradient, Gradients gradients) {
    String source = node.inputs().get(0);
    if (gradients.areWanted(source)) {
      gradients.add(source, Rows.backward(plan, input, gradient));
    }
  }
}
