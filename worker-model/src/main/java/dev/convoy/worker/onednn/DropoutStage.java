package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.DropoutNode;
import dev.convoy.worker.graph.KeyedDropout;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** Dropout: values times a mask that is drawn anew in every run, and shifted if it wants that. */
final class DropoutStage implements Stage<Plan, Tensor> {
  private final DropoutNode node;
  private final Tensor mask;
  private final memory.desc seen;
  private final Tensor output;

  /** The mask of the present run, in the plain order. */
  private float[] drawn;

  DropoutStage(DropoutNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    boolean dropsRows =
        node.dropout().grain() != KeyedDropout.Grain.VALUE && inputs.get(0).dimensions().length > 2;
    Tensor input;
    if (dropsRows) {
      OneImage image = OneImage.of(inputs.get(0), plan);
      input = image.batch();
      seen = image.layout();
      mask = plan.seenAs(image.layout(1, 1), rowMask(plan, input));
    } else {
      input = inputs.get(0);
      seen = input.layout();
      mask = plan.inLayout(valueMask(plan, input), seen);
    }
    output = plan.allocate(input.layout());
    multiply(plan, input, output);
    if (node.dropout().hasShifts()) {
      Tensor shifts = plan.inLayout(plainShifts(plan, input), seen);
      plan.combine(dnnl.dnnl_binary_add, output, shifts, output, Activation.NONE);
    }
  }

  /** What is added behind the mask, which was drawn before. */
  private Tensor plainShifts(Plan plan, Tensor input) {
    Tensor plain = plan.allocate(OneDnn.plainLayout(input.dimensions()));
    float[] shifts = new float[drawn.length];
    plan.add(
        () -> {
          node.dropout().shifts(drawn, plan.dropoutKeys(), node.number(), shifts);
          plain.values().put(shifts);
        },
        plain);
    return plain;
  }

  /** Drawn in the plain order, so that a mask does not depend on the layout. */
  private Tensor valueMask(Plan plan, Tensor input) {
    return drawn(plan, OneDnn.plainLayout(input.dimensions()), input);
  }

  /** A number for each channel of each image. */
  private Tensor rowMask(Plan plan, Tensor input) {
    return drawn(plan, OneDnn.plainLayout(input.dimension(0) * input.dimension(1)), input);
  }

  private Tensor drawn(Plan plan, memory.desc layout, Tensor input) {
    Tensor plain = plan.allocate(layout);
    int images = Math.toIntExact(input.dimension(0));
    int channels = Math.toIntExact(input.dimension(1));
    drawn = new float[Math.toIntExact(plain.size())];
    plan.add(
        () -> {
          node.dropout().drawImages(drawn, images, channels, plan.dropoutKeys(), node.number());
          plain.values().put(drawn);
        },
        plain);
    return plain;
  }

  private void multiply(Plan plan, Tensor values, Tensor result) {
    plan.combine(
        dnnl.dnnl_binary_mul,
        plan.seenAs(seen, values),
        mask,
        plan.seenAs(seen, result),
        Activation.NONE);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    String input = node.inputs().get(0);
    if (gradients.areWanted(input)) {
      Tensor inputGradient = plan.allocate(output.layout());
      multiply(plan, plan.inLayout(gradient, output.layout()), inputGradient);
      gradients.add(input, inputGradient);
    }
  }
}
