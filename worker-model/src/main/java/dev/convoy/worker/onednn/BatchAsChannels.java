package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Window;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/**
 * The gradient of a convolution's weights as another convolution: of the same images, by the
 * gradient of the results as kernels, with the images of the batch as channels. The products and
 * their sums are the same. Of images of one channel or two, oneDNN computes that gradient by
 * products of matrices with AVX2, which takes twice as long.
 */
final class BatchAsChannels {
  private static final long BLOCK = 8;
  private static final long MOST_CHANNELS = 2;

  /** Code is generated for every column of kernels; wider ones gain less. */
  private static final long WIDEST = 64;

  private final Plan plan;
  private final ConvolutionNode node;
  private final Tensor images;
  private final long[] results;

  /**
   * Of a convolution that it {@link #pays} for.
   *
   * @param images in any layout
   */
  BatchAsChannels(Plan plan, ConvolutionNode node, Tensor images) {
    this.plan = plan;
    this.node = node;
    this.images = plan.images(images);
    this.results = node.window().output();
  }

  /** Whether it makes the gradient faster, by the convolution's shape and never by timing. */
  static boolean pays(ConvolutionNode node, Plan plan) {
    return OneDnn.hasAvx2Alone()
        && !plan.isBfloat16()
        && node.isOrdinary()
        && node.kernels().channels() <= MOST_CHANNELS
        && node.window().output()[1] <= WIDEST
        && plan.batchSize() >= BLOCK;
  }

  /**
   * Adds the way to the gradients of weights and bias.
   *
   * @param gradient of the results, in any layout
   * @param ofWeights where the weights' gradient is to be left, as the network keeps them
   * @param ofBias where that of the bias is to be left, if there is any
   */
  void addTo(Tensor gradient, Tensor ofWeights, Optional<Tensor> ofBias) {
    convolution_forward.primitive_desc description = description();
    Tensor kernels = exchangedCopy(plan.images(gradient), description.weights_desc());
    Tensor sums = plan.allocate(description.dst_desc());
    plan.add(
        new convolution_forward(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_SRC, exchangedCopy(images, description.src_desc()),
            dnnl.DNNL_ARG_WEIGHTS, kernels,
            dnnl.DNNL_ARG_DST, sums));
    plan.reorder(sums, exchanged(ofWeights));
    ofBias.ifPresent(place -> addBias(kernels, place));
  }

  private convolution_forward.primitive_desc description() {
    Window window = node.window();
    long[] kernel = window.kernel();
    long batch = plan.batchSize();
    long filters = node.filters();
    long channels = node.kernels().channels();
    return new convolution_forward.primitive_desc(
        new convolution_forward.desc(
            dnnl.dnnl_forward_training,
            dnnl.dnnl_convolution_direct,
            OneDnn.blockedLayout(BLOCK, channels, batch, images.dimension(2), images.dimension(3)),
            OneDnn.blockedKernels(filters, batch, results[0], results[1]),
            new memory.desc(),
            OneDnn.blockedLayout(BLOCK, channels, filters, kernel[0], kernel[1]),
            window.stride(),
            OneDnn.gaps(window),
            window.before(),
            window.after()),
        OneDnn.attributes(),
        OneDnn.cpu());
  }

  private Tensor exchangedCopy(Tensor batch, memory.desc layout) {
    Tensor copy = plan.allocate(layout);
    plan.reorder(exchanged(batch), copy);
    return copy;
  }

  /** The same values, with the first two axes exchanged. */
  private Tensor exchanged(Tensor tensor) {
    return plan.seenAs(tensor.layout().permute_axes(new int[] {1, 0, 2, 3}), tensor);
  }

  /**
   * The sums of the results' gradients: in each block of filters, a row for each pixel of each
   * image; rows beyond the batch are 0.
   */
  private void addBias(Tensor kernels, Tensor place) {
    long blocks = (node.filters() + BLOCK - 1) / BLOCK;
    int rows = Math.toIntExact(kernels.layout().get_size() / Float.BYTES / blocks / BLOCK);
    float[] ones = new float[rows];
    Arrays.fill(ones, 1);
    Tensor factors = plan.seenAs(OneDnn.plainLayout(1, rows), plan.constant(ones));
    Tensor sums = plan.allocate(OneDnn.plainLayout(blocks * BLOCK));
    for (long block = 0; block < blocks; block++) {
      new MatrixProduct(
              plan,
              factors,
              plan.partOf(OneDnn.plainLayout(rows, BLOCK), kernels, block * rows * BLOCK),
              plan.partOf(OneDnn.plainLayout(1, BLOCK), sums, block * BLOCK))
          .add(false);
    }
    plan.copy(plan.seenAs(place.layout(), sums), place);
  }
}
