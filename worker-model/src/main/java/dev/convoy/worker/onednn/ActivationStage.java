package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ActivationNode;
import java.util.List;

/** A function of each value, on its own. */
final class ActivationStage implements Stage<Plan, Tensor> {
  private final ActivationNode node;
  private final Tensor input;
  private final Tensor output;

  ActivationStage(ActivationNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    input = inputs.get(0);
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
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    String source = node.inputs().get(0);
    if (gradients.areWanted(source)) {
      Tensor known = node.activation().isDerivedFromArgument() ? input : output;
      gradients.add(source, ActivationPrimitive.backward(node.activation(), plan, known, gradient));
    }
  }
}
