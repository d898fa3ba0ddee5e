package dev.convoy.worker.accelerator.compiled;

import dev.convoy.data.random.KeyedRandom;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;

/**
 * Dropout (Srivastava et al. 2014), inverted: in training, values are kept with some probability
 * and divided by it; in inference nothing happens.
 *
 * @param keep probability of keeping a value, in (0, 1)
 * @param index of the operation in its network; no two masks of a step are the same
 */
record DropoutMask(String name, List<String> inputs, double keep, int index) implements Operation {

  @Override
  public DropoutMask reading(List<String> others) {
    return new DropoutMask(name, others, keep, index);
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
            draw(values, plan.dropoutKey());
            plain.values().put(values);
          });
      mask = plan.inLayout(plain, input.layout());
      plan.release(plain);
      output = plan.allocate(input.layout());
      plan.combine(dnnl.dnnl_binary_mul, input, mask, output, Activation.NONE);
    }

    private void draw(float[] values, long key) {
      long first = KeyedRandom.mix(key + index);
      long threshold = (long) (keep * (1L << Integer.SIZE));
      float kept = (float) (1 / keep);
      for (int i = 0; i < values.length; i++) {
        long bits = KeyedRandom.mix(first + i) >>> Integer.SIZE;
        values[i] = bits < threshold ? kept : 0;
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
