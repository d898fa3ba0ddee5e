package dev.convoy.worker.accelerator.compiled;

import java.util.List;

/** A function of each value, on its own. */
record Function(String name, List<String> inputs, Activation activation) implements Operation {

  @Override
  public Function reading(List<String> others) {
    return new Function(name, others, activation);
  }

  @Override
  public Operation.Stage forward(Plan plan, List<Tensor> tensors) {
    Tensor input = tensors.get(0);
    if (activation.isNone()) {
      input.buffer().hold();
      return new Stage(input);
    }
    Tensor output = plan.allocate(input.layout());
    activation.forward(plan, input, output);
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
      if (gradients.areWanted(inputs.get(0))) {
        gradients.add(inputs.get(0), activation.backward(plan, output, gradient));
      } else {
        plan.release(gradient);
      }
    }
  }
}
