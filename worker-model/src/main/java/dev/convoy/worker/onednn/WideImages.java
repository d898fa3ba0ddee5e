package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Window;
import org.bytedeco.dnnl.memory;

/**
 * The images of a batch side by side, as one wide image, with columns of zeros between them in
 * place of their padding. The gradient of a convolution's weights is the same, and generated code,
 * which sums up pixels of a row together, is much faster where their own rows are short: with AMX
 * 22 times for images of 2 × 2 and 1.5 times for those of 8 × 8, in single precision twice for 2 ×
 * 2.
 *
 * @param node the convolution of the wide image
 * @param slot how many columns an image has, with its zeros
 */
record WideImages(ConvolutionNode node, long slot) {
  /** With wider ones, copying takes what is gained. */
  private static final long WIDEST = 2;

  /** AMX takes 32 pixels at once. */
  private static final long WIDEST_WITH_MATRICES = 8;

  /** Whether it makes the gradient faster, by the convolution's shape and never by timing. */
  static boolean pay(ConvolutionNode node, Plan plan, Tensor images) {
    Window window = node.window();
    return plan.batchSize() > 1
        && images.dimension(0) == plan.batchSize()
        && images.dimension(3) <= (takesMatrices(plan) ? WIDEST_WITH_MATRICES : WIDEST)
        && node.isOrdinary()
        && window.kernel()[1] > 1
        && Math.max(window.before()[1], window.after()[1]) < window.kernel()[1];
  }

  private static boolean takesMatrices(Plan plan) {
    return plan.isBfloat16() && OneDnn.hasMatrices();
  }

  /** Of a convolution of images of that many columns. */
  static WideImages of(ConvolutionNode node, long images, long width) {
    Window window = node.window();
    long[] before = window.before();
    long slot = width + Math.max(before[1], window.after()[1]);
    // As many results as columns.
    long[] after = {window.after()[0], window.kernel()[1] - 1 - before[1]};
    long[] output = {window.output()[0], images * slot};
    Window wide =
        new Window(window.kernel(), window.stride(), window.dilation(), before, after, output);
    return new WideImages(node.over(wide), slot);
  }

  /** A copy of a batch of images, or of results, as one. */
  Tensor copy(Plan plan, Tensor batch) {
    long[] each = batch.dimensions();
    long[] all = {1, each[1], each[2], each[0] * slot};
    memory.desc layout =
        plan.values(
            takesMatrices(plan)
                ? OneDnn.channelsLastLayout(all)
                : OneDnn.blockedLayout(OneDnn.preferredBlock(), all));
    Tensor wide = plan.allocate(layout);
    plan.clear(wide);
    plan.copy(batch, plan.seenAs(OneDnn.sideBySide(layout, each[0], each[3]), wide));
    return wide;
  }
}
