package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ActivationNode;
import java.util.List;

/** A function of each value, on its own. */
final class ActivationStage implements Stage {
  private final ActivationNode node;
  private final Tensor output;

  ActivationStage(ActivationNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    Tensor input = inputs.get(0);
    if (node.activation().isNone()) {
      output = input;
    } else {
      output = plan.allocate(input.layout());
      ActivationPrimitive.forward(node.activation(), plan, input, output);
    }
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients gradients) {
    String input = node.inputs().get(0);
    if (gradients.areWanted(input)) {
      gradients.add(input, ActivationPrimitive.backward(node.activation(), plan, output, gradient));
    }
  }
}
