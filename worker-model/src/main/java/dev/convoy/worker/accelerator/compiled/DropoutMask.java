package dev.convoy.worker.accelerator.compiled;

import dev.convoy.worker.accelerator.propagation.KeyedDropout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;

/**
 * Dropout in training, and in inference where answers are sampled.
 *
 * @param number of the operation in its network; no two masks of a step are the same
 */
record DropoutMask(String name, List<String> inputs, KeyedDropout dropout, int number)
    implements Operation {

  /** The network as it is in inference, where nothing is dropped. */
  static List<Operation> removedFrom(List<Operation> operations) {
    Map<String, String> renamed = new HashMap<>();
    List<Operation> kept = new ArrayList<>();
    for (Operation operation : operations) {
      List<String> inputs =
          operation.inputs().stream().map(input -> renamed.getOrDefault(input, input)).toList();
      if (operation instanceof DropoutMask) {
        renamed.put(operation.name(), inputs.get(0));
      } else {
        kept.add(operation.reading(inputs));
      }
    }
    return kept;
  }

  /**
   * The network with its masks numbered from 0 on among themselves, and not among the operations,
   * which nobody else knows: so that whoever samples its answers draws the same masks.
   */
  static List<Operation> numberedIn(List<Operation> operations) {
    List<Operation> all = new ArrayList<>();
    int next = 0;
    for (Operation operation : operations) {
      all.add(
          operation instanceof DropoutMask mask
              ? new DropoutMask(mask.name, mask.inputs, mask.dropout, next++)
              : operation);
    }
    return all;
  }

  @Override
  public DropoutMask reading(List<String> others) {
    return new DropoutMask(name, others, dropout, number);
  }

  @Override
  public Operation.Stage forward(Plan plan, List<Tensor> tensors) {
    return new Stage(plan, tensors.get(0));
  }

  private final class Stage implements Operation.Stage {
    private final Tensor mask;
    private final Tensor output;

    Stage(Plan plan, Tensor input) {
      // Drawn in the plain order, so that a mask does not depend on the layout.
      Tensor plain = plan.allocate(OneDnn.plainLayout(input.dimensions()));
      float[] values = new float[Math.toIntExact(plain.size())];
      plan.add(
          () -> {
            dropout.drawRows(values, plan.dropoutKeys(), number);
            plain.values().put(values);
          });
      mask = plan.inLayout(plain, input.layout());
      plan.release(plain);
      output = plan.allocate(input.layout());
      plan.combine(dnnl.dnnl_binary_mul, input, mask, output, Activation.NONE);
      if (!plan.isTraining()) {
        plan.release(mask);
      }
    }

    @Override
    public Tensor output() {
      return output;
    }

    @Override
    public void backward(Plan plan, Tensor gradient, Gradients gradients) {
      if (!gradients.areWanted(inputs.get(0))) {
        plan.release(gradient);
        return;
      }
      Tensor resultGradient = plan.inLayout(gradient, mask.layout());
      plan.release(gradient);
      Tensor inputGradient = plan.allocate(mask.layout());
      plan.combine(dnnl.dnnl_binary_mul, resultGradient, mask, inputGradient, Activation.NONE);
      plan.release(resultGradient);
      gradients.add(inputs.get(0), inputGradient);
    }
  }
}
