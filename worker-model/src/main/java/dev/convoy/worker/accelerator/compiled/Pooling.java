package dev.convoy.worker.accelerator.compiled;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/**
 * The largest value or the mean of each window.
 *
 * @param algorithm oneDNN's number
 */
record Pooling(String name, List<String> inputs, int algorithm, Window window)
    implements Operation {

  boolean isMaximum() {
    return algorithm == dnnl.dnnl_pooling_max;
  }

  @Override
  public Pooling reading(List<String> others) {
    return new Pooling(name, others, algorithm, window);
  }

  Pooling named(String newName) {
    return new Pooling(newName, inputs, algorithm, window);
  }

  @Override
  public Operation.Stage forward(Plan plan, List<Tensor> tensors) {
    return new Stage(plan, tensors.get(0));
  }

  private final class Stage implements Operation.Stage {
    private final Tensor input;
    private final pooling_forward.primitive_desc forward;
    private final Tensor output;
    private final Tensor workspace;

    Stage(Plan plan, Tensor input) {
      this.input = input;
      long[] result = {
        input.dimension(0), input.dimension(1), window.output()[0], window.output()[1]
      };
      forward =
          new pooling_forward.primitive_desc(
              new pooling_forward.desc(
                  plan.isTraining() ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference,
                  algorithm,
                  input.layout(),
                  OneDnn.anyLayout(result),
                  window.stride(),
                  window.kernel(),
                  window.before(),
                  window.after()),
              OneDnn.attributes(),
              OneDnn.cpu());
      output = plan.allocate(forward.dst_desc());
      Map<Integer, Tensor> arguments = new TreeMap<>();
      arguments.put(dnnl.DNNL_ARG_SRC, input);
      arguments.put(dnnl.DNNL_ARG_DST, output);
      memory.desc places = forward.workspace_desc();
      workspace = places.get_size() > 0 ? plan.allocate(places) : null;
      if (workspace != null) {
        arguments.put(dnnl.DNNL_ARG_WORKSPACE, workspace);
      }
      plan.add(new pooling_forward(forward), forward, arguments);
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
      var description =
          new pooling_backward.primitive_desc(
              new pooling_backward.desc(
                  algorithm,
                  input.layout(),
                  output.layout(),
                  window.stride(),
                  window.kernel(),
                  window.before(),
                  window.after()),
              OneDnn.attributes(),
              OneDnn.cpu(),
              forward);
      Tensor resultGradient = plan.inLayout(gradient, description.diff_dst_desc());
      plan.release(gradient);
      Tensor inputGradient = plan.allocate(description.diff_src_desc());
      Map<Integer, Tensor> arguments = new TreeMap<>();
      arguments.put(dnnl.DNNL_ARG_DIFF_DST, resultGradient);
      arguments.put(dnnl.DNNL_ARG_DIFF_SRC, inputGradient);
      if (workspace != null) {
        arguments.put(dnnl.DNNL_ARG_WORKSPACE, workspace);
      }
      plan.add(new pooling_backward(description), description, arguments);
      plan.release(resultGradient);
      gradients.add(inputs.get(0), inputGradient);
    }
  }
}
