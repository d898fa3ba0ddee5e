package dev.convoy.worker.accelerator.compiled;

import java.util.List;
import org.bytedeco.dnnl.global.dnnl;

/** The sum of values of equal dimensions, and a function of it. */
record Sum(String name, List<String> inputs, Activation activation) implements Operation.Activated {

  @Override
  public Sum reading(List<String> others) {
    return new Sum(name, others, activation);
  }

  @Override
  public Sum activated(String newName, Activation function) {
    return new Sum(newName, inputs, function);
  }

  @Override
  public Operation.Stage forward(Plan plan, List<Tensor> tensors) {
    Tensor output = plan.allocate(tensors.get(0).layout());
    Tensor sum = tensors.get(0);
    for (int i = 1; i < tensors.size(); i++) {
      Tensor summand = plan.inLayout(tensors.get(i), output.layout());
      boolean last = i == tensors.size() - 1;
      plan.combine(dnnl.dnnl_binary_add, sum, summand, output, last ? activation : Activation.NONE);
      plan.release(summand);
      sum = output;
    }
    return new Stage(output);
  }

  private final class Stage implements Operation.Stage {
    private final Tensor output;

    Stage(Tensor output) {
      this.output = output;
    }

    @Override
    public Tensor output() {
      return output;
    }

    @Override
    public void backward(Plan plan, Tensor gradient, Gradients gradients) {
      Tensor inner = activation.backward(plan, output, gradient);
      for (String input : inputs) {
        if (gradients.areWanted(input)) {
          inner.buffer().hold();
          gradients.add(input, inner);
        }
      }
      plan.release(inner);
    }
  }
}
