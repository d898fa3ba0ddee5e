package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.PoolingNode;
import dev.convoy.worker.graph.Window;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/** The largest value or the mean of each window. */
final class PoolingStage implements Stage<Plan, Tensor> {
  private final PoolingNode node;
  private final Tensor input;
  private final pooling_forward.primitive_desc forward;
  private final Tensor pooled;
  private final Tensor output;

  PoolingStage(PoolingNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    Tensor given = inputs.get(0);
    Window window = node.window();
    long[] result = {
      given.dimension(0), given.dimension(1), window.output()[0], window.output()[1]
    };
    pooling_forward.primitive_desc description =
        describe(plan, given.layout(), plan.values(OneDnn.anyLayout(result)));
    boolean kept =
        !node.isMaximum() || MaximumPoolingGradient.handles(given.layout(), description.dst_desc());
    memory.desc plain = plan.values(OneDnn.plainLayout(given.dimensions()));
    input = plan.inLayout(given, kept ? given.layout() : plain);
    forward =
        kept
            ? description
            : describe(plan, input.layout(), plan.values(OneDnn.plainLayout(result)));
    pooled = plan.allocate(forward.dst_desc());
    plan.add(
        new pooling_forward(forward),
        forward,
        Map.of(dnnl.DNNL_ARG_SRC, input, dnnl.DNNL_ARG_DST, pooled));
    output = node.flattens() ? plan.rows(pooled) : pooled;
  }

  /** oneDNN's number of what is taken of a window. */
  private int algorithm() {
    return switch (node.kind()) {
      case MAXIMUM -> dnnl.dnnl_pooling_max;
      case MEAN_WITH_PADDING -> dnnl.dnnl_pooling_avg_include_padding;
      case MEAN_WITHOUT_PADDING -> dnnl.dnnl_pooling_avg_exclude_padding;
    };
  }

  private pooling_forward.primitive_desc describe(
      Plan plan, memory.desc images, memory.desc results) {
    boolean derived = plan.isTraining() && !node.isMaximum();
    Window window = node.window();
    return new pooling_forward.primitive_desc(
        new pooling_forward.desc(
            derived ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference,
            algorithm(),
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
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    String source = node.inputs().get(0);
    if (!gradients.areWanted(source)) {
      return;
    }
    Tensor given = asPooled(plan, gradient);
    if (node.isMaximum()) {
      gradients.add(source, addMaximumGradient(plan, given));
    } else {
      Tensor inputGradient = plan.allocate(input.layout());
      addMeanGradient(plan, plan.inLayout(given, pooled.layout()), inputGradient);
      gradients.add(source, inputGradient);
    }
  }

  /** The gradient of a vector as that of an image of one pixel. */
  private Tensor asPooled(Plan plan, Tensor gradient) {
    return node.flattens()
        ? plan.seenAs(
            gradient.ofItsType(OneDnn.plainLayout(pooled.dimensions())), plan.rows(gradient))
        : gradient;
  }

  /** In single precision, which changes nothing: values are compared and moved. */
  private Tensor addMaximumGradient(Plan plan, Tensor gradient) {
    Tensor images = plan.inFloat32(input);
    Tensor results = plan.inFloat32(pooled);
    Tensor resultGradient = plan.inLayout(gradient, results.layout());
    Tensor inputGradient = plan.allocate(images.layout());
    plan.add(
        new MaximumPoolingGradient(node.window(), images, results, resultGradient, inputGradient),
        images,
        results,
        resultGradient,
        inputGradient);
    return inputGradient;
  }

  private void addMeanGradient(Plan plan, Tensor resultGradient, Tensor inputGradient) {
    Window window = node.window();
    var description =
        new pooling_backward.primitive_desc(
            new pooling_backward.desc(
                algorithm(),
                input.layout(),
                pooled.layout(),
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
