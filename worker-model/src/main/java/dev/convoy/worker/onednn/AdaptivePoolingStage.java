package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.AdaptivePoolingNode;
import dev.convoy.worker.model.layer.AdaptiveWindows;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;

/** Means of windows of several sizes: a plane times a matrix of the pixels' shares in windows. */
final class AdaptivePoolingStage implements Stage<Plan, Tensor> {
  private final AdaptivePoolingNode node;
  private final Tensor input;
  private final Tensor planes;
  private final Tensor shares;
  private final memory.desc results;
  private final inner_product_forward.primitive_desc forward;
  private final Tensor output;

  AdaptivePoolingStage(AdaptivePoolingNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    input = plan.inLayout(inputs.get(0), OneDnn.plainLayout(inputs.get(0).dimensions()));
    long images = input.dimension(0);
    long channels = input.dimension(1);
    long pixels = node.rows().pixels() * node.columns().pixels();
    long windows = node.rows().count() * node.columns().count();
    planes = plan.seenAs(OneDnn.plainLayout(images * channels, pixels), input);
    shares = plan.allocate(OneDnn.plainLayout(windows, pixels));
    results = OneDnn.plainLayout(images * channels, windows);
    float[] values = shares(node.rows(), node.columns());
    plan.add(() -> shares.values().put(values), shares);
    forward =
        new inner_product_forward.primitive_desc(
            new inner_product_forward.desc(
                dnnl.dnnl_forward_training,
                planes.layout(),
                shares.layout(),
                new memory.desc(),
                results),
            OneDnn.attributes(),
            OneDnn.cpu());
    Tensor result = plan.allocate(results);
    plan.add(
        new inner_product_forward(forward),
        forward,
        Map.of(
            dnnl.DNNL_ARG_SRC, planes,
            dnnl.DNNL_ARG_WEIGHTS, shares,
            dnnl.DNNL_ARG_DST, result));
    output =
        plan.seenAs(
            OneDnn.plainLayout(images, channels, node.rows().count(), node.columns().count()),
            result);
  }

  /** One over a window's pixels for each of them; axes [window, pixel]. */
  private static float[] shares(AdaptiveWindows rows, AdaptiveWindows columns) {
    int pixels = Math.toIntExact(rows.pixels() * columns.pixels());
    float[] shares = new float[Math.toIntExact(rows.count() * columns.count() * pixels)];
    int from = 0;
    for (long row = 0; row < rows.count(); row++) {
      for (long column = 0; column < columns.count(); column++) {
        long height = rows.to(row) - rows.from(row);
        long width = columns.to(column) - columns.from(column);
        for (long y = rows.from(row); y < rows.to(row); y++) {
          for (long x = columns.from(column); x < columns.to(column); x++) {
            shares[Math.toIntExact(from + y * columns.pixels() + x)] = 1f / (height * width);
          }
        }
        from += pixels;
      }
    }
    return shares;
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
        new inner_product_backward_data.primitive_desc(
            new inner_product_backward_data.desc(planes.layout(), shares.layout(), results),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    Tensor inputGradient = plan.allocate(input.layout());
    plan.add(
        new inner_product_backward_data(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_DIFF_DST,
            plan.seenAs(results, plan.inLayout(gradient, output.layout())),
            dnnl.DNNL_ARG_WEIGHTS,
            shares,
            dnnl.DNNL_ARG_DIFF_SRC,
            plan.seenAs(planes.layout(), inputGradient)));
    gradients.add(source, inputGradient);
  }
}
