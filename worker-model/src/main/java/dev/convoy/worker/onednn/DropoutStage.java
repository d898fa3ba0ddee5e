package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.DropoutNode;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;

/** Dropout: values times a mask that is drawn anew in every run. */
final class DropoutStage implements Stage {
  private final DropoutNode node;
  private final Tensor mask;
  private final Tensor output;

  DropoutStage(DropoutNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    Tensor input = inputs.get(0);
    // Drawn in the plain order, so that a mask does not depend on the layout.
    Tensor plain = plan.allocate(OneDnn.plainLayout(input.dimensions()));
    float[] values = new float[Math.toIntExact(plain.size())];
    plan.add(
        () -> {
          node.dropout().drawRows(values, plan.dropoutKeys(), node.number());
          plain.values().put(values);
        },
        plain);
    mask = plan.inLayout(plain, input.layout());
    output = plan.allocate(input.layout());
    plan.combine(dnnl.dnnl_binary_mul, input, mask, output, Activation.NONE);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients gradients) {
    String input = node.inputs().get(0);
    if (gradients.areWanted(input)) {
      Tensor resultGradient = plan.inLayout(gradient, mask.layout());
      Tensor inputGradient = plan.allocate(mask.layout());
      plan.combine(dnnl.dnnl_binary_mul, resultGradient, mask, inputGradient, Activation.NONE);
      gradients.add(input, inputGradient);
    }
  }
}
