package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Window;
import java.util.Map;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/**
 * A convolution computed as the gradient of the images of another one, which leads from its results
 * to its images and has its kernels turned by half a circle: sums of the same products. oneDNN's
 * loops for AVX-512 take 28 results of a row at once where the filters are one block, and the last
 * four of a row of 32 take as long as many more; its loops for gradients do not have that. A
 * gradient has no bias and no function behind it.
 */
final class TurnedConvolution {
  private static final long BLOCK = 16;
  private static final long RESULTS_AT_ONCE = 28;
  private static final long SHORT_REST = 4;

  private final ConvolutionNode node;
  private final long channels;
  private final long filters;

  /** Of a convolution that it {@link #pays} for. */
  TurnedConvolution(ConvolutionNode node) {
    this.node = node;
    this.channels = node.kernels().channels();
    this.filters = node.filters();
  }

  /** Whether it makes a convolution faster, by its shape and never by timing. */
  static boolean pays(ConvolutionNode node, Plan plan) {
    return cutsRows(node) && node.kernels().channels() >= BLOCK && applies(node, plan);
  }

  /** Whether oneDNN's usual loops leave a short rest of every row. */
  static boolean cutsRows(ConvolutionNode node) {
    long width = node.window().output()[1];
    long rest = width % RESULTS_AT_ONCE;
    return OneDnn.preferredBlock() == BLOCK
        && node.filters() <= BLOCK
        && node.isOrdinary()
        && width > RESULTS_AT_ONCE
        && rest > 0
        && rest <= SHORT_REST;
  }

  private static boolean applies(ConvolutionNode node, Plan plan) {
    Window window = node.window();
    return plan.isTraining()
        && !plan.isBfloat16()
        && !node.hasBias()
        && node.activation().equals(Activation.NONE)
        && isInside(window.before(), window)
        && isInside(window.after(), window);
  }

  private static boolean isInside(long[] padding, Window window) {
    return padding[0] < window.kernel()[0] && padding[1] < window.kernel()[1];
  }

  /**
   * Adds it to a plan.
   *
   * @param weights as the network keeps them, axes [filters, channels, height, width]
   * @param results the dimensions of the result
   * @return the result
   */
  Tensor add(Plan plan, Tensor input, Tensor weights, long[] results) {
    Window window = node.window();
    memory.desc from = OneDnn.anyLayout(results);
    memory.desc kernels =
        OneDnn.anyLayout(channels, filters, window.kernel()[0], window.kernel()[1]);
    memory.desc to = OneDnn.anyLayout(input.dimensions());
    long[] before = rest(window, window.before());
    long[] after = rest(window, window.after());
    long[] gaps = OneDnn.gaps(window);
    var other =
        new convolution_forward.primitive_desc(
            new convolution_forward.desc(
                dnnl.dnnl_forward_training,
                dnnl.dnnl_convolution_direct,
                from,
                kernels,
                new memory.desc(),
                to,
                window.stride(),
                gaps,
                before,
                after),
            OneDnn.attributes(),
            OneDnn.cpu());
    var description =
        new convolution_backward_data.primitive_desc(
            new convolution_backward_data.desc(
                dnnl.dnnl_convolution_direct,
                from,
                kernels,
                to,
                window.stride(),
                gaps,
                before,
                after),
            OneDnn.attributes(),
            OneDnn.cpu(),
            other);
    Tensor result = plan.allocate(description.diff_src_desc());
    plan.add(
        new convolution_backward_data(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(input, description.diff_dst_desc()),
            dnnl.DNNL_ARG_WEIGHTS, plan.inLayout(turned(plan, weights), description.weights_desc()),
            dnnl.DNNL_ARG_DIFF_SRC, result));
    return result;
  }

  /** How far the other's kernel reaches beyond its images. */
  private static long[] rest(Window window, long[] padding) {
    return new long[] {window.kernel()[0] - 1 - padding[0], window.kernel()[1] - 1 - padding[1]};
  }

  /** Kernels with their last element first, axes [channels, filters, height, width]. */
  private Tensor turned(Plan plan, Tensor weights) {
    long[] kernel = node.window().kernel();
    int each = Math.toIntExact(node.window().elements());
    float[] kept = new float[Math.toIntExact(weights.size())];
    float[] turned = new float[kept.length];
    Tensor result = plan.allocate(OneDnn.plainLayout(channels, filters, kernel[0], kernel[1]));
    plan.add(
        () -> {
          weights.values().get(kept);
          for (int filter = 0; filter < filters; filter++) {
            for (int channel = 0; channel < channels; channel++) {
              int from = (int) (filter * channels + channel) * each;
              int last = (int) (channel * filters + filter + 1) * each - 1;
              for (int i = 0; i < each; i++) {
                turned[last - i] = kept[from + i];
              }
            }
          }
          result.values().put(turned);
        },
        weights,
        result);
    return result;
  }
}
