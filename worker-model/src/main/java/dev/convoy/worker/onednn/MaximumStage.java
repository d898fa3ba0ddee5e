package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.MaximumNode;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;

/** The largest of values of equal dimensions. */
final class MaximumStage implements Stage<Plan, Tensor> {
  private final MaximumNode node;
  private final List<Tensor> inputs;
  private final Tensor output;

  MaximumStage(MaximumNode node, Plan plan, List<Tensor> given) {
    this.node = node;
    output = plan.allocate(given.get(0).layout());
    inputs = given.stream().map(input -> plan.inLayout(input, output.layout())).toList();
    Tensor largest = inputs.get(0);
    for (Tensor input : inputs.subList(1, inputs.size())) {
      combine(plan, dnnl.dnnl_binary_max, largest, input, output);
      largest = output;
    }
  }

  private static void combine(
      Plan plan, int algorithm, Tensor first, Tensor second, Tensor result) {
    plan.combine(algorithm, first, second, result, Activation.NONE);
  }

  @Override
  public Tensor output() {
    return output;
  }

  /** Each argument in its turn takes the gradient where it is the largest; the rest is left. */
  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    Tensor rest = plan.inLayout(gradient, output.layout());
    int last = inputs.size() - 1;
    for (int i = 0; i < last; i++) {
      Tensor isLargest = plan.allocate(output.layout());
      combine(plan, dnnl.dnnl_binary_eq, inputs.get(i), output, isLargest);
      Tensor taken = plan.allocate(output.layout());
      combine(plan, dnnl.dnnl_binary_mul, rest, isLargest, taken);
      Tensor left = plan.allocate(output.layout());
      combine(plan, dnnl.dnnl_binary_sub, rest, taken, left);
      gradients.add(node.inputs().get(i), taken);
      rest = left;
    }
    gradients.add(node.inputs().get(last), rest);
  }
}
