package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ChannelScaleNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/**
 * Images times a number for each channel of each image: as a batch normalisation by mean 0 and
 * variance 1 whose scales are the numbers, and whose gradients then are those of both arguments.
 */
final class ChannelScaleStage implements Stage<Plan, Tensor> {
  private static final int FLAGS = dnnl.dnnl_use_global_stats | dnnl.dnnl_use_scale;

  private final ChannelScaleNode node;
  private final OneImage image;
  private final memory.desc layout;
  private final memory.desc plainFactors;
  private final memory.desc perRow;
  private final Map<Integer, Tensor> common = new TreeMap<>();
  private final batch_normalization_forward.primitive_desc forward;
  private final Tensor output;

  ChannelScaleStage(ChannelScaleNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    image = OneImage.of(inputs.get(0), plan);
    layout = image.layout();
    perRow = OneDnn.plainLayout(image.rows());
    plainFactors = OneDnn.plainLayout(inputs.get(1).dimensions());
    Tensor means = plan.allocate(perRow);
    Tensor variances = plan.allocate(perRow);
    float[] ones = new float[image.rows()];
    Arrays.fill(ones, 1);
    plan.add(
        () -> {
          means.values().zero();
          variances.values().put(ones);
        },
        means,
        variances);
    output = plan.allocate(image.batch().layout());
    forward =
        new batch_normalization_forward.primitive_desc(
            new batch_normalization_forward.desc(dnnl.dnnl_forward_training, layout, 0, FLAGS),
            OneDnn.attributes(),
            OneDnn.cpu());
    common.put(dnnl.DNNL_ARG_SRC, plan.seenAs(layout, image.batch()));
    common.put(dnnl.DNNL_ARG_MEAN, means);
    common.put(dnnl.DNNL_ARG_VARIANCE, variances);
    common.put(
        dnnl.DNNL_ARG_SCALE, plan.seenAs(perRow, plan.inLayout(inputs.get(1), plainFactors)));
    Map<Integer, Tensor> arguments = new TreeMap<>(common);
    arguments.put(dnnl.DNNL_ARG_DST, plan.seenAs(layout, output));
    plan.add(new batch_normalization_forward(forward), forward, arguments);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    var description =
        new batch_normalization_backward.primitive_desc(
            new batch_normalization_backward.desc(dnnl.dnnl_backward, layout, layout, 0, FLAGS),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    Tensor ofImages = plan.allocate(output.layout());
    Tensor ofFactors = plan.allocate(plainFactors);
    Map<Integer, Tensor> arguments = new TreeMap<>(common);
    arguments.put(
        dnnl.DNNL_ARG_DIFF_DST, plan.seenAs(layout, plan.inLayout(gradient, output.layout())));
    arguments.put(dnnl.DNNL_ARG_DIFF_SRC, plan.seenAs(layout, ofImages));
    arguments.put(dnnl.DNNL_ARG_DIFF_SCALE, plan.seenAs(perRow, ofFactors));
    plan.add(new batch_normalization_backward(description), description, arguments);
    gradients.add(node.inputs().get(0), ofImages);
    gradients.add(node.inputs().get(1), ofFactors);
  }
}
