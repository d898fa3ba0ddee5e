package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Kernels;
import dev.convoy.worker.graph.Window;
import org.bytedeco.dnnl.memory;

/**
 * A convolution computed as the gradient of the images of another one, which leads from its results
 * to its images and has its kernels turned by half a circle: sums of the same products. oneDNN's
 * loops for AVX-512 take 28 results of a row at once where the filters are one block, and the last
 * four of a row of 32 take as long as many more; those for AVX2 have too few sums at work where
 * filters are one block or two. Its loops for gradients have neither. A gradient has no bias and no
 * function behind it.
 */
final class TurnedConvolution {
  private static final long BLOCK = 16;
  private static final long RESULTS_AT_ONCE = 28;
  private static final long SHORT_REST = 4;
  private static final long NARROW = 16;

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
    return (cutsRows(node) || isNarrow(node))
        && plan.isTraining()
        && !node.hasBias()
        && node.activation().equals(Activation.NONE)
        && applies(node, plan);
  }

  /** Whether it does so in inference, with a bias and a function to be added behind it. */
  static boolean paysBeforeMore(ConvolutionNode node, Plan plan) {
    return isNarrow(node)
        && node.filters() % OneDnn.preferredBlock() == 0
        && !plan.isTraining()
        && applies(node, plan);
  }

  /** Whether oneDNN's usual loops for AVX2 have few sums at work. */
  private static boolean isNarrow(ConvolutionNode node) {
    return OneDnn.hasAvx2Alone()
        && node.filters() <= NARROW
        && node.isOrdinary()
        && node.window().elements() > 1;
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
    return !plan.isBfloat16()
        && node.kernels().channels() >= OneDnn.preferredBlock()
        && isInside(window.before(), window)
        && isInside(window.after(), window);
  }

  private static boolean isInside(long[] padding, Window window) {
    return padding[0] < window.kernel()[0] && padding[1] < window.kernel()[1];
  }

  /**
   * Adds it to a plan.
   *
   * @param kernels which are {@link #turned}
   * @return the result
   */
  Tensor add(Plan plan, Tensor input, Tensor kernels) {
    ConvolutionPrimitive other = new ConvolutionPrimitive(other(input), plan.batchSize());
    long[] output = node.window().output();
    memory.desc results =
        OneDnn.blockedLayout(
            OneDnn.preferredBlock(), plan.batchSize(), filters, output[0], output[1]);
    return other.addImagesGradient(
        plan, results, input, kernels, other.forward(plan, results, false, OneDnn.attributes()));
  }

  /** The one from the results to the images. */
  private ConvolutionNode other(Tensor input) {
    Window window = node.window();
    long[] images = {input.dimension(2), input.dimension(3)};
    Window back =
        new Window(
            window.kernel(),
            window.stride(),
            window.dilation(),
            rest(window, window.before()),
            rest(window, window.after()),
            images);
    Kernels kernels =
        Kernels.plain(
            node.kernels().parameter(), /* filters= */ channels, /* channels= */ filters, back);
    return node.with(kernels, back);
  }

  /** How far the other's kernel reaches beyond its images. */
  private static long[] rest(Window window, long[] padding) {
    return new long[] {window.kernel()[0] - 1 - padding[0], window.kernel()[1] - 1 - padding[1]};
  }

  /**
   * Adds the step that makes kernels with their last element first.
   *
   * @param weights as the network keeps them, axes [filters, channels, height, width]
   * @return axes [channels, filters, height, width]
   */
  Tensor turned(Plan plan, Tensor weights) {
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
