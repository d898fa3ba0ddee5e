package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Window;
import java.util.Arrays;

/**
 * Winograd's algorithm for 3 × 3 convolutions, which makes a tile of 4 × 4 results of 36 products
 * where there would be 144 (Lavin and Gray, "Fast algorithms for convolutional neural networks",
 * 2015). Its results are as exact as those of other orders of summation, to some 3 parts in a
 * million of the largest.
 */
final class Winograd {
  /** Of a tile, for each channel and filter. */
  static final int PRODUCTS = 36;

  /** With fewer, moving values to and from tiles takes longer than the products that it saves. */
  private static final int FEWEST_CHANNELS = 32;

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
    return pays(node, images, plan.isTraining() ? TILES_FOR_WEIGHTS : TILES_FOR_PREPARED_WEIGHTS);
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
    return node.isOrdinary()
        && Arrays.equals(window.kernel(), new long[] {3, 3})
        && Math.min(node.kernels().channels(), node.filters()) >= FEWEST_CHANNELS
        && savesProducts(images, window.output(), overhead);
  }

  private static boolean savesProducts(long images, long[] output, int overhead) {
    long tiles = images * TileGrid.tiles(output[0]) * TileGrid.tiles(output[1]);
    long direct = 9L * images * output[0] * output[1];
    return direct >= PRODUCTS * (tiles + overhead);
  }
}
