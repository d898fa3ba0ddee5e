package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.DropoutNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Dropout: values times a mask that is drawn from the batch's keys, and shifted if it wants that.
 * On the way back the mask is drawn again.
 */
final class CudaDropoutStage implements Stage<CudaPlan, DeviceTensor> {
  private final DropoutNode node;
  private final DeviceTensor input;
  private final DeviceTensor output;

  CudaDropoutStage(DropoutNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    input = inputs.get(0);
    output = plan.allocate(input.shape());
    drop(plan, input, output, 0);
  }

  private void drop(CudaPlan plan, DeviceTensor from, DeviceTensor to, int isGradient) {
    List<Object> arguments =
        new ArrayList<>(
            Arrays.asList(
                Masks.arguments(
                    node.dropout(),
                    node.number(),
                    plan.keyCount(),
                    from,
                    to,
                    plan.keys(),
                    from.size(),
                    from.channels(),
                    from.plane())));
    arguments.add(isGradient);
    plan.launch("drop", from.type(), Grid.of(from.size()), arguments.toArray());
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
      drop(plan, gradient, ofInput, 1);
      gradients.add(source, ofInput);
    }
  }
}
