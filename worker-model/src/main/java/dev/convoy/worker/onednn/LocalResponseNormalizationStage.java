package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.LocalResponseNormalizationNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.lrn_backward;
import org.bytedeco.dnnl.lrn_forward;
import org.bytedeco.dnnl.memory;

/** Local response normalisation, whose alpha oneDNN divides by the number of channels. */
final class LocalResponseNormalizationStage implements Stage<Plan, Tensor> {
  private final LocalResponseNormalizationNode node;
  private final lrn_forward.primitive_desc forward;
  private final Map<Integer, Tensor> common = new TreeMap<>();
  private final Tensor output;

  LocalResponseNormalizationStage(
      LocalResponseNormalizationNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    Tensor given = inputs.get(0);
    int kind = plan.isTraining() ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference;
    forward =
        Implementations.fastest(
            List.of(
                () -> describe(kind, given.layout()),
                () -> describe(kind, OneDnn.plainLayout(given.dimensions()))));
    Tensor input = plan.inLayout(given, forward.src_desc());
    output = plan.allocate(input.layout());
    common.put(dnnl.DNNL_ARG_SRC, input);
    memory.desc kept = forward.workspace_desc();
    if (kept.get_size() > 0) {
      common.put(dnnl.DNNL_ARG_WORKSPACE, plan.allocate(kept));
    }
    Map<Integer, Tensor> arguments = new TreeMap<>(common);
    arguments.put(dnnl.DNNL_ARG_DST, output);
    plan.add(new lrn_forward(forward), forward, arguments);
  }

  private float dividedAlpha() {
    return node.alpha() * node.size();
  }

  private lrn_forward.primitive_desc describe(int kind, memory.desc layout) {
    return new lrn_forward.primitive_desc(
        new lrn_forward.desc(
            kind,
            dnnl.dnnl_lrn_across_channels,
            layout,
            node.size(),
            dividedAlpha(),
            node.beta(),
            node.k()),
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
    var description =
        new lrn_backward.primitive_desc(
            new lrn_backward.desc(
                dnnl.dnnl_lrn_across_channels,
                output.layout(),
                output.layout(),
                node.size(),
                dividedAlpha(),
                node.beta(),
                node.k()),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    Tensor inputGradient = plan.allocate(output.layout());
    Map<Integer, Tensor> arguments = new TreeMap<>(common);
    arguments.put(dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(gradient, output.layout()));
    arguments.put(dnnl.DNNL_ARG_DIFF_SRC, inputGradient);
    plan.add(new lrn_backward(description), description, arguments);
    gradients.add(source, inputGradient);
  }
}
