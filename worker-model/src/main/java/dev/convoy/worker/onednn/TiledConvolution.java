package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Window;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bytedeco.dnnl.memory;

/**
 * A convolution by {@link Winograd}'s algorithm where oneDNN does not have it, which is with AVX2
 * and for 5 × 5 kernels, or is slow by it, which is with AVX-512 in training on few tiles. Pixels
 * of some images at once become factors (in Java), which are multiplied by the kernels' factors: 36
 * products of matrices or 64, by oneDNN. Sums of these products become results, 4 × 4 of 6 × 6 or 8
 * × 8. All three maps are linear, and the gradient of the weights is by their transposes.
 */
final class TiledConvolution {
  /** Products of fewer rows are slow. */
  private static final int FEWEST_TILES = 64;

  /** With more, factors for the gradients of weights take more memory than they save time. */
  private static final int MOST_TILES_OF_GRADIENT = 256;

  /** Beyond it factors and sums leave the second cache. */
  private static final int FACTORS_AT_ONCE = 1 << 18;

  private final Plan plan;
  private final WinogradMatrices winograd;
  private final int products;
  private final int elements;
  private final int channels;
  private final int filters;
  private final long[] extent;
  private final long[] results;
  private final int before;
  private final boolean isTurned;

  /** Of a convolution that it {@link #pays} for, of images of so many rows and columns. */
  TiledConvolution(Plan plan, ConvolutionNode node, long... extent) {
    this(
        plan,
        WinogradMatrices.of(node.window().kernel()[0]),
        Math.toIntExact(node.kernels().channels()),
        Math.toIntExact(node.filters()),
        extent,
        node.window().output(),
        Math.toIntExact(node.window().before()[0]),
        false);
  }

  private TiledConvolution(
      Plan plan,
      WinogradMatrices winograd,
      int channels,
      int filters,
      long[] extent,
      long[] results,
      int before,
      boolean isTurned) {
    this.plan = plan;
    this.winograd = winograd;
    this.products = winograd.products();
    this.elements = winograd.kernel() * winograd.kernel();
    this.channels = channels;
    this.filters = filters;
    this.extent = extent;
    this.results = results;
    this.before = before;
    this.isTurned = isTurned;
  }

  /** Whether it makes a convolution faster, by its shape and never by timing. */
  static boolean pays(ConvolutionNode node, Plan plan) {
    Window window = node.window();
    return OneDnn.hasAvx2()
        && !plan.isBfloat16()
        && window.before()[0] == window.before()[1]
        && Arrays.stream(window.before()).allMatch(padding -> padding < window.kernel()[0])
        && Arrays.stream(window.after()).allMatch(padding -> padding < window.kernel()[0])
        && Winograd.paysInTiles(node, plan)
        && !isLeftToOneDnn(node, plan);
  }

  /**
   * With AVX-512 its own algorithm for 3 × 3 kernels is faster, except for few tiles in training,
   * where it is not taken; and so are its loops for channels that leave a part of a block empty.
   */
  private static boolean isLeftToOneDnn(ConvolutionNode node, Plan plan) {
    boolean areBlocks = (node.kernels().channels() | node.filters()) % OneDnn.preferredBlock() == 0;
    return OneDnn.hasAvx512()
        && Winograd.isOfOneDnn(node)
        && (!areBlocks || !plan.isTraining() || Winograd.pays(node, plan.batchSize(), plan));
  }

  /** The way from the gradient of the results to that of the images: with kernels turned around. */
  TiledConvolution backwards() {
    return new TiledConvolution(
        plan, winograd, filters, channels, results, extent, winograd.kernel() - 1 - before, true);
  }

  /** The images in blocks of channels: themselves, or a copy. */
  Tensor inBlocks(Tensor images) {
    return plan.inLayout(images, blocks(channels, extent));
  }

  private memory.desc blocks(long depth, long[] size) {
    return OneDnn.blockedLayout(OneDnn.preferredBlock(), plan.batchSize(), depth, size[0], size[1]);
  }

  /**
   * Adds the steps that make factors of kernels.
   *
   * @param weights as the network keeps them, axes [filters, channels, height, width] of the
   *     convolution, also for the way backwards
   * @return axes [product, channel, filter] of this way
   */
  Tensor addKernels(Tensor weights) {
    Tensor ordered = plan.allocate(inOrder());
    Tensor factors = plan.allocate(matrices(channels, filters));
    plan.copy(weights, ordered);
    new MatrixProduct(
            plan,
            plan.seenAs(OneDnn.plainLayout(products, elements), kernelMatrix()),
            plan.seenAs(OneDnn.plainLayout(elements, pairs()), ordered),
            plan.seenAs(OneDnn.plainLayout(products, pairs()), factors))
        .add(false);
    return factors;
  }

  /**
   * Adds the way forward.
   *
   * @param images in blocks of channels
   * @param kernels their factors
   * @param bias one for each filter, if there is any
   * @return the results, in blocks of channels
   */
  Tensor addForward(Tensor images, Tensor kernels, Optional<Tensor> bias) {
    Tensor output = plan.allocate(blocks(filters, results));
    int most = imagesAtOnce(FEWEST_TILES);
    Room ofImages = new Room(most, extent, channels);
    Room ofResults = new Room(most, results, filters);
    addParts(
        most,
        count -> {
          TileGrid to = grid(count, results, filters);
          Part factors = ofImages.readingImages(images, count);
          TileStreams write = new TileStreams(plan, to, results, ofResults.pixels);
          TileTransform sums = TileTransform.ofProducts(winograd, to);
          MatrixProduct product =
              new MatrixProduct(
                  plan,
                  plan.seenAs(matrices(to.tiles(), channels), ofImages.factors),
                  kernels,
                  plan.seenAs(matrices(to.tiles(), filters), ofResults.factors));
          return first -> {
            factors.add(first);
            product.add(false);
            bias.ifPresentOrElse(
                values -> transform(sums, ofResults.factors, ofResults.pixels, values),
                () -> transform(sums, ofResults.factors, ofResults.pixels));
            write.addWriting(output, first);
          };
        });
    return output;
  }

  /**
   * Adds the way to the gradients of weights and bias.
   *
   * @param images in blocks of channels
   * @param gradient of the results, in blocks of channels
   * @param ofWeights where the weights' gradient is to be left, as the network keeps them
   * @param ofBias where that of the bias is to be left, if there is any
   */
  void addWeightsGradient(
      Tensor images, Tensor gradient, Tensor ofWeights, Optional<Tensor> ofBias) {
    Tensor kernels = plan.allocate(matrices(channels, filters));
    int most = imagesAtOnce(fewestTilesOfGradient());
    Room ofImages = new Room(most, extent, channels);
    Room ofResults = new Room(most, results, filters);
    addParts(
        most,
        count -> {
          TileGrid to = grid(count, results, filters);
          Part factors = ofImages.readingImages(images, count);
          Part gradients = ofResults.readingGradients(gradient, count);
          MatrixProduct product =
              new MatrixProduct(
                  plan,
                  plan.seenAs(transposed(to.tiles(), channels), ofImages.factors),
                  plan.seenAs(matrices(to.tiles(), filters), ofResults.factors),
                  kernels);
          Optional<MatrixProduct> sums =
              ofBias.map(bias -> sumsOverPixels(to, ofResults.pixels, bias));
          return first -> {
            factors.add(first);
            gradients.add(first);
            product.add(first > 0);
            sums.ifPresent(sum -> sum.add(first > 0));
          };
        });
    Tensor ordered = plan.allocate(inOrder());
    new MatrixProduct(
            plan,
            plan.seenAs(
                OneDnn.stridedLayout(new long[] {elements, products}, new long[] {1, elements}),
                kernelMatrix()),
            plan.seenAs(OneDnn.plainLayout(products, pairs()), kernels),
            plan.seenAs(OneDnn.plainLayout(elements, pairs()), ordered))
        .add(false);
    plan.copy(ordered, ofWeights);
  }

  /** The gradients of a bias: sums over all pixels, of which those beyond the images are 0. */
  private MatrixProduct sumsOverPixels(TileGrid grid, Tensor pixels, Tensor bias) {
    float[] ones = new float[TileGrid.PLACES * grid.tiles()];
    Arrays.fill(ones, 1);
    return new MatrixProduct(
        plan,
        plan.seenAs(OneDnn.plainLayout(1, ones.length), plan.constant(ones)),
        plan.seenAs(OneDnn.plainLayout(ones.length, filters), pixels),
        plan.seenAs(OneDnn.plainLayout(1, filters), bias));
  }

  /** Adds steps for some images of the batch, from the first of them on. */
  @FunctionalInterface
  private interface Part {
    void add(int first);
  }

  /** Goes through the batch in parts of so many images, and the rest. */
  private void addParts(int most, IntFunction<Part> ofImages) {
    int images = plan.batchSize();
    int rest = images % most;
    Part part = ofImages.apply(most);
    for (int first = 0; first < images - rest; first += most) {
      part.add(first);
    }
    if (rest > 0) {
      ofImages.apply(rest).add(images - rest);
    }
  }

  private int imagesAtOnce(int fewestTiles) {
    int tiles = Math.max(fewestTiles, FACTORS_AT_ONCE / (products * (channels + filters)));
    int ofImage = grid(1, results, filters).tiles();
    return Math.min(plan.batchSize(), (tiles + ofImage - 1) / ofImage);
  }

  /** The sums of products are as large as those of so many tiles, and are read and written. */
  private int fewestTilesOfGradient() {
    return Math.min(MOST_TILES_OF_GRADIENT, Math.max(FEWEST_TILES, channels + filters));
  }

  /** Tiles that cover so many rows and columns of some images. */
  private static TileGrid grid(int images, long[] size, int depth) {
    return new TileGrid(images, TileGrid.tiles(size[0]), TileGrid.tiles(size[1]), depth);
  }

  /** Memory for tiles of so many images, used for one part of the batch after the other. */
  private final class Room {
    private final long[] size;
    private final int depth;
    private final Tensor pixels;
    private final Tensor factors;

    /** For images of so many rows and columns; there are factors for each tile of results. */
    Room(int images, long[] size, int depth) {
      this.size = size;
      this.depth = depth;
      pixels =
          plan.allocate(
              OneDnn.plainLayout(TileGrid.PLACES * (long) grid(images, size, depth).stream()));
      factors =
          plan.allocate(
              OneDnn.plainLayout(products * (long) grid(images, results, depth).stream()));
    }

    /** Adds the steps from images to their factors. */
    Part readingImages(Tensor batch, int count) {
      TileGrid grid = grid(count, size, depth);
      return reading(
          batch, grid, TileTransform.ofImages(winograd, before, grid, grid(count, results, depth)));
    }

    /** Adds the steps from the gradient of the results to those of sums of products. */
    Part readingGradients(Tensor batch, int count) {
      TileGrid grid = grid(count, size, depth);
      return reading(batch, grid, TileTransform.ofGradients(winograd, grid));
    }

    private Part reading(Tensor batch, TileGrid grid, TileTransform transform) {
      TileStreams streams = new TileStreams(plan, grid, size, pixels);
      return first -> {
        streams.addReading(batch, first);
        transform(transform, pixels, factors);
      };
    }
  }

  private void transform(TileTransform transform, Tensor from, Tensor to) {
    plan.add(() -> transform.apply(from.buffer(), to.buffer()), from, to);
  }

  private void transform(TileTransform transform, Tensor from, Tensor to, Tensor bias) {
    plan.add(
        () -> {
          transform.setBias(bias.buffer());
          transform.apply(from.buffer(), to.buffer());
        },
        from,
        to,
        bias);
  }

  private long pairs() {
    return (long) channels * filters;
  }

  /** One matrix for each product. */
  private memory.desc matrices(long rows, long columns) {
    return OneDnn.stridedLayout(
        new long[] {products, rows, columns}, new long[] {rows * columns, columns, 1});
  }

  /** The same matrices, seen with rows for columns. */
  private memory.desc transposed(long rows, long columns) {
    return OneDnn.stridedLayout(
        new long[] {products, columns, rows}, new long[] {rows * columns, 1, columns});
  }

  /**
   * The layout of the convolution's weights in the order height, width, channel, filter of this
   * way, axes as the network has them.
   */
  private memory.desc inOrder() {
    long edge = winograd.kernel();
    return isTurned
        ? OneDnn.stridedLayout(
            new long[] {channels, filters, edge, edge},
            new long[] {filters, 1, edge * pairs(), pairs()})
        : OneDnn.stridedLayout(
            new long[] {filters, channels, edge, edge},
            new long[] {1, filters, edge * pairs(), pairs()});
  }

  /** From elements of a kernel to its factors, axes [product, element]. */
  private Tensor kernelMatrix() {
    double[][] kernels = winograd.kernels();
    int rows = winograd.edge();
    int edge = winograd.kernel();
    float[] values = new float[products * elements];
    for (int i = 0; i < values.length; i++) {
      int product = i / elements;
      int element = isTurned ? elements - 1 - i % elements : i % elements;
      values[i] =
          (float)
              (kernels[product / rows][element / edge] * kernels[product % rows][element % edge]);
    }
    return plan.constant(values);
  }
}
