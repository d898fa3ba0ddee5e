package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Window;
import java.util.stream.LongStream;

/**
 * Winograd's algorithm, which makes a tile of 4 × 4 results of 3 × 3 convolutions of 36 products
 * where there would be 144, and one of 5 × 5 convolutions of 64 where there would be 400 (Lavin and
 * Gray, "Fast algorithms for convolutional neural networks", 2015). Its results are as exact as
 * those of other orders of summation, to some 3 parts in a million of the largest, or 5.
 */
final class Winograd {
  /** With fewer, moving values to and from tiles takes longer than the products that it saves. */
  private static final int FEWEST_CHANNELS = 32;

  /** The same for 5 × 5 convolutions. */
  private static final int FEWEST_CHANNELS_OF_FIVE = 16;

  /** The same with AVX-512, whose loops without it are faster. */
  private static final int FEWEST_CHANNELS_OF_FIVE_WITH_AVX512 = 48;

  /** Moving oneDNN's weights takes as long as the products of so many tiles, and memory. */
  private static final int TILES_FOR_WEIGHTS = 256;

  /** The same where weights have been moved beforehand. */
  private static final int TILES_FOR_PREPARED_WEIGHTS = 16;

  /** Moving the weights of {@link TiledConvolution} takes as long as the products of so many. */
  private static final int TILES_FOR_OWN_WEIGHTS = 48;

  private Winograd() {}

  /**
   * Whether oneDNN's makes a convolution faster, by a count of products and never by timing.
   *
   * @param images how many it has
   */
  static boolean pays(ConvolutionNode node, long images, Plan plan) {
    return isOfOneDnn(node)
        && pays(node, images, plan.isTraining() ? TILES_FOR_WEIGHTS : TILES_FOR_PREPARED_WEIGHTS);
  }

  /** Whether oneDNN has it for a convolution. */
  static boolean isOfOneDnn(ConvolutionNode node) {
    return node.window().kernel()[0] == 3;
  }

  /** Whether our own does, where it can be taken. */
  static boolean paysInTiles(ConvolutionNode node, Plan plan) {
    return pays(
        node,
        plan.batchSize(),
        plan.isTraining() ? TILES_FOR_OWN_WEIGHTS : TILES_FOR_PREPARED_WEIGHTS);
  }

  private static boolean pays(ConvolutionNode node, long images, int overhead) {
    Window window = node.window();
    long edge = window.kernel()[0];
    return node.isOrdinary()
        && window.kernel()[1] == edge
        && WinogradMatrices.has(edge)
        && Math.min(node.kernels().channels(), node.filters()) >= fewestChannels(edge)
        && savesProducts(images, window, overhead);
  }

  private static int fewestChannels(long edge) {
    if (edge == 3) {
      return FEWEST_CHANNELS;
    }
    return OneDnn.hasAvx512() ? FEWEST_CHANNELS_OF_FIVE_WITH_AVX512 : FEWEST_CHANNELS_OF_FIVE;
  }

  private static boolean savesProducts(long images, Window window, int overhead) {
    long[] output = window.output();
    long tiles = images * TileGrid.tiles(output[0]) * TileGrid.tiles(output[1]);
    long direct = images * productsAlong(window, 0) * productsAlong(window, 1);
    return direct >= WinogradMatrices.of(window.kernel()[0]).products() * (tiles + overhead);
  }

  /** Of all results in a line, those with pixels of the image and not of its padding. */
  private static long productsAlong(Window window, int axis) {
    long kernel = window.kernel()[axis];
    long output = window.output()[axis];
    long before = window.before()[axis];
    long image = output + kernel - 1 - before - window.after()[axis];
    return LongStream.range(-before, output - before)
        .map(first -> Math.min(first + kernel, image) - Math.max(first, 0))
        .filter(products -> products > 0)
        .sum();
  }
}
