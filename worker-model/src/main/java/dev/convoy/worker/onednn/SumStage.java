package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.SumNode;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;

/** The sum of values of equal dimensions, and a function of it. */
final class SumStage implements Stage<Plan, Tensor> {
  private final SumNode node;
  private final Tensor output;

  SumStage(SumNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    this.output = plan.allocate(inputs.get(0).layout());
    plan.mayOverwrite(inputs.get(0), output);
    Tensor sum = inputs.get(0);
    for (int i = 1; i < inputs.size(); i++) {
      Tensor summand = plan.inLayout(inputs.get(i), output.layout());
      boolean last = i == inputs.size() - 1;
      Activation activation = last ? node.activation() : Activation.NONE;
      plan.combine(dnnl.dnnl_binary_add, summand, sum, output, activation);
      sum = output;
    }
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    Tensor inner = ActivationPrimitive.backward(node.activation(), plan, output, gradient);
    node.inputs().forEach(input -> gradients.add(input, inner));
  }
}
