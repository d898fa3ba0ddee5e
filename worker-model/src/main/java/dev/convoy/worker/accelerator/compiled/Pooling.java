package dev.convoy.worker.accelerator.compiled;

import java.util.List;
import java.util.Map;
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

    Stage(Plan plan, Tensor given) {
      long[] result = {
        given.dimension(0), given.dimension(1), window.output()[0], window.output()[1]
      };
      pooling_forward.primitive_desc description =
          describe(plan, given.layout(), OneDnn.anyLayout(result));
      boolean kept =
          !isMaximum() || MaximumGradient.handles(given.layout(), description.dst_desc());
      input = plan.inLayout(given, kept ? given.layout() : OneDnn.plainLayout(given.dimensions()));
      forward = kept ? description : describe(plan, input.layout(), OneDnn.plainLayout(result));
      output = plan.allocate(forward.dst_desc());
      plan.add(
          new pooling_forward(forward),
          forward,
          Map.of(dnnl.DNNL_ARG_SRC, input, dnnl.DNNL_ARG_DST, output));
      if (!plan.isTraining()) {
        plan.release(input);
      }
    }

    private pooling_forward.primitive_desc describe(
        Plan plan, memory.desc images, memory.desc results) {
      boolean derived = plan.isTraining() && !isMaximum();
      return new pooling_forward.primitive_desc(
          new pooling_forward.desc(
              derived ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference,
              algorithm,
              images,
              results,
              window.stride(),
              window.kernel(),
              window.before(),
              window.after()),
          OneDnn.attributes(),
          OneDnn.cpu());
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
      Tensor resultGradient = plan.inLayout(gradient, output.layout());
      plan.release(gradient);
      Tensor inputGradient = plan.allocate(input.layout());
      if (isMaximum()) {
        plan.add(new MaximumGradient(window, input, output, resultGradient, inputGradient));
      } else {
        addMeanGradient(plan, resultGradient, inputGradient);
      }
      plan.release(resultGradient);
      gradients.add(inputs.get(0), inputGradient);
    }

    private void addMeanGradient(Plan plan, Tensor resultGradient, Tensor inputGradient) {
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
      plan.add(
          new pooling_backward(description),
          description,
          Map.of(dnnl.DNNL_ARG_DIFF_DST, resultGradient, dnnl.DNNL_ARG_DIFF_SRC, inputGradient));
    }
  }
}
