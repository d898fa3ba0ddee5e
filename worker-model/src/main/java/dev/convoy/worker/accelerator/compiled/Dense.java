package dev.convoy.worker.accelerator.compiled;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;

/**
 * A full connection of all of an example's values with every unit, its bias if it has one, and a
 * function of the result. Everything lies plainly, so that weights and their gradient are used
 * where the network keeps them.
 *
 * @param layer whose parameters {@code W} (Fortran order, [inputs, units]) and {@code b} [units]
 *     are used
 */
record Dense(
    String name,
    List<String> inputs,
    String layer,
    long width,
    long units,
    boolean hasBias,
    Activation activation)
    implements Operation.Activated {

  @Override
  public Dense reading(List<String> others) {
    return new Dense(name, others, layer, width, units, hasBias, activation);
  }

  @Override
  public Dense activated(String newName, Activation function) {
    return new Dense(newName, inputs, layer, width, units, hasBias, function);
  }

  @Override
  public Operation.Stage forward(Plan plan, List<Tensor> tensors) {
    return new Stage(plan, tensors.get(0));
  }

  private final class Stage implements Operation.Stage {
    private final Tensor input;
    private final Tensor rows;
    private final Tensor weights;
    private final memory.desc bias = OneDnn.plainLayout(units);
    private final memory.desc weightsLayout = OneDnn.plainLayout(units, width);
    private final memory.desc result;
    private final inner_product_forward.primitive_desc forward;
    private final Tensor output;

    Stage(Plan plan, Tensor input) {
      this.input = input;
      long examples = input.dimension(0);
      Tensor plain = plan.inLayout(input, OneDnn.plainLayout(input.dimensions()));
      rows = plain.seenAs(OneDnn.plainLayout(examples, width));
      weights = plan.parameters().values(layer, Convolution.WEIGHTS, weightsLayout);
      result = OneDnn.plainLayout(examples, units);
      forward =
          new inner_product_forward.primitive_desc(
              new inner_product_forward.desc(
                  dnnl.dnnl_forward_training,
                  rows.layout(),
                  weightsLayout,
                  hasBias ? bias : new memory.desc(),
                  result),
              activation.attributes(),
              OneDnn.cpu());
      output = plan.allocate(result);
      Map<Integer, Tensor> arguments = new TreeMap<>();
      arguments.put(dnnl.DNNL_ARG_SRC, rows);
      arguments.put(dnnl.DNNL_ARG_WEIGHTS, weights);
      arguments.put(dnnl.DNNL_ARG_DST, output);
      if (hasBias) {
        arguments.put(dnnl.DNNL_ARG_BIAS, plan.parameters().values(layer, Convolution.BIAS, bias));
      }
      plan.add(new inner_product_forward(forward), forward, arguments);
      if (!plan.isTraining()) {
        plan.release(rows);
      }
    }

    @Override
    public Tensor output() {
      return output;
    }

    @Override
    public void backward(Plan plan, Tensor gradient, Gradients gradients) {
      Tensor inner = activation.backward(plan, output, gradient);
      Tensor plain = plan.inLayout(inner, result);
      plan.release(inner);
      backwardWeights(plan, plain);
      if (gradients.areWanted(inputs.get(0))) {
        gradients.add(inputs.get(0), backwardData(plan, plain));
      }
      plan.release(plain);
    }

    private void backwardWeights(Plan plan, Tensor gradient) {
      var description =
          new inner_product_backward_weights.primitive_desc(
              new inner_product_backward_weights.desc(
                  rows.layout(), weightsLayout, hasBias ? bias : new memory.desc(), result),
              OneDnn.attributes(),
              OneDnn.cpu(),
              forward);
      Map<Integer, Tensor> arguments = new TreeMap<>();
      arguments.put(dnnl.DNNL_ARG_SRC, rows);
      arguments.put(dnnl.DNNL_ARG_DIFF_DST, gradient);
      arguments.put(
          dnnl.DNNL_ARG_DIFF_WEIGHTS,
          plan.parameters().gradient(layer, Convolution.WEIGHTS, weightsLayout));
      if (hasBias) {
        arguments.put(
            dnnl.DNNL_ARG_DIFF_BIAS, plan.parameters().gradient(layer, Convolution.BIAS, bias));
      }
      plan.add(new inner_product_backward_weights(description), description, arguments);
    }

    private Tensor backwardData(Plan plan, Tensor gradient) {
      var description =
          new inner_product_backward_data.primitive_desc(
              new inner_product_backward_data.desc(rows.layout(), weightsLayout, result),
              OneDnn.attributes(),
              OneDnn.cpu(),
              forward);
      Tensor inputGradient = plan.allocate(rows.layout());
      plan.add(
          new inner_product_backward_data(description),
          description,
          Map.of(
              dnnl.DNNL_ARG_DIFF_DST, gradient,
              dnnl.DNNL_ARG_WEIGHTS, weights,
              dnnl.DNNL_ARG_DIFF_SRC, inputGradient));
      return inputGradient.seenAs(OneDnn.plainLayout(input.dimensions()));
    }
  }
}
