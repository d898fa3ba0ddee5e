package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.PoolingNode;
import dev.convoy.worker.graph.Window;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/** The largest value, the first of them for the gradient, or the mean of each window. */
final class PoolingStage implements Stage<Plan, Tensor> {
  private final PoolingNode node;
  private final pooling_forward.primitive_desc forward;
  private final Tensor pooled;
  private final Tensor output;

  /** Where the largest values were; without it for means, and outside of training. */
  private final Map<Integer, Tensor> places = new TreeMap<>();

  PoolingStage(PoolingNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    Tensor given = inputs.get(0);
    forward =
        Implementations.fastest(
            List.of(
                () -> describe(plan, given.layout()),
                () ->
                    describe(
                        plan,
                        plan.values(
                            OneDnn.channelsLastLayout(OneDnn.dimensions(given.layout()))))));
    pooled = plan.allocate(forward.dst_desc());
    memory.desc kept = forward.workspace_desc();
    if (kept.get_size() > 0) {
      places.put(dnnl.DNNL_ARG_WORKSPACE, plan.allocate(kept));
    }
    Map<Integer, Tensor> arguments = new TreeMap<>(places);
    arguments.put(dnnl.DNNL_ARG_SRC, plan.inLayout(given, forward.src_desc()));
    arguments.put(dnnl.DNNL_ARG_DST, pooled);
    plan.add(new pooling_forward(forward), forward, arguments);
    output = node.flattens() ? plan.rows(pooled) : asGiven(plan, given);
  }

  /** oneDNN's number of what is taken of a window. */
  private int algorithm() {
    return switch (node.kind()) {
      case MAXIMUM -> dnnl.dnnl_pooling_max;
      case MEAN_WITH_PADDING -> dnnl.dnnl_pooling_avg_include_padding;
      case MEAN_WITHOUT_PADDING -> dnnl.dnnl_pooling_avg_exclude_padding;
    };
  }

  private pooling_forward.primitive_desc describe(Plan plan, memory.desc images) {
    Window window = node.window();
    long[] result = OneDnn.dimensions(images);
    System.arraycopy(window.output(), 0, result, 2, 2);
    return new pooling_forward.primitive_desc(
        new pooling_forward.desc(
            plan.isTraining() ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference,
            algorithm(),
            images,
            plan.values(OneDnn.anyLayout(result)),
            window.stride(),
            window.kernel(),
            window.before(),
            window.after()),
        OneDnn.attributes(),
        OneDnn.cpu());
  }

  /** What was pooled with the channels of a pixel side by side goes on as it came. */
  private Tensor asGiven(Plan plan, Tensor given) {
    return given.layout().equals(forward.src_desc())
        ? pooled
        : plan.inLayout(pooled, plan.values(OneDnn.plainLayout(pooled.dimensions())));
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
    Window window = node.window();
    var description =
        new pooling_backward.primitive_desc(
            new pooling_backward.desc(
                algorithm(),
                forward.src_desc(),
                pooled.layout(),
                window.stride(),
                window.kernel(),
                window.before(),
                window.after()),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    Tensor inputGradient = plan.allocate(forward.src_desc());
    Map<Integer, Tensor> arguments = new TreeMap<>(places);
    arguments.put(dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(asPooled(plan, gradient), pooled.layout()));
    arguments.put(dnnl.DNNL_ARG_DIFF_SRC, inputGradient);
    plan.add(new pooling_backward(description), description, arguments);
    gradients.add(source, inputGradient);
  }

  /** The gradient of a vector as that of an image of one pixel. */
  private Tensor asPooled(Plan plan, Tensor gradient) {
    return node.flattens()
        ? plan.seenAs(
            gradient.ofItsType(OneDnn.plainLayout(pooled.dimensions())), plan.rows(gradient))
        : gradient;
  }
}
