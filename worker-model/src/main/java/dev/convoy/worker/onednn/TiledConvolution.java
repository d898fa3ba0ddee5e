package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Window;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bytedeco.dnnl.memory;

/**
 * A convolution by {@link Winograd}'s algorithm where oneDNN does not have it, which is with AVX2,
 * or is slow by it, which is with AVX-512 in training on few tiles. Pixels of some images at once
 * become factors (in Java), which are multiplied by the kernels' factors: 36 products of matrices,
 * by oneDNN. Sums of these products become results, 4 × 4 of 6 × 6. All three maps are linear, and
 * the gradient of the weights is by their transposes.
 */
final class TiledConvolution {
  private static final int PRODUCTS = Winograd.PRODUCTS;
  private static final int ELEMENTS = 9;

  /** Products of fewer rows are slow. */
  private static final int FEWEST_TILES = 64;

  /** With more, factors for the gradients of weights take more memory than they save time. */
  private static final int MOST_TILES_OF_GRADIENT = 256;

  /** Beyond it factors and sums leave the second cache. */
  private static final int FACTORS_AT_ONCE = 1 << 18;

  private final Plan plan;
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
        Math.toIntExact(node.kernels().channels()),
        Math.toIntExact(node.filters()),
        extent,
        node.window().output(),
        Math.toIntExact(node.window().before()[0]),
        false);
  }

  private TiledConvolution(
      Plan plan,
      int channels,
      int filters,
      long[] extent,
      long[] results,
      int before,
      boolean isTurned) {
    this.plan = plan;
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
        && (node.kernels().channels() | node.filters()) % OneDnn.preferredBlock() == 0
        && window.before()[0] == window.before()[1]
        && Arrays.stream(window.before()).allMatch(padding -> padding < 3)
        && Arrays.stream(window.after()).allMatch(padding -> padding < 3)
        && Winograd.paysInTiles(node, plan)
        && !isLeftToOneDnn(node, plan);
  }

  /** With AVX-512 its own is faster, except for few tiles in training, where it is not taken. */
  private static boolean isLeftToOneDnn(ConvolutionNode node, Plan plan) {
    return OneDnn.hasAvx512()
        && (!plan.isTraining() || Winograd.pays(node, plan.batchSize(), plan));
  }

  /** The way from the gradient of the results to that of the images: with kernels turned around. */
  TiledConvolution backwards() {
    return new TiledConvolution(plan, filters, channels, results, extent, 2 - before, true);
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
    Tensor elements = plan.allocate(elements());
    Tensor factors = plan.allocate(matrices(channels, filters));
    plan.copy(weights, elements);
    new MatrixProduct(
            plan,
            plan.seenAs(OneDnn.plainLayout(PRODUCTS, ELEMENTS), kernelMatrix()),
            plan.seenAs(OneDnn.plainLayout(ELEMENTS, pairs()), elements),
            plan.seenAs(OneDnn.plainLayout(PRODUCTS, pairs()), factors))
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
    Room ofImages = new Room(most, channels);
    Room ofResults = new Room(most, filters);
    addParts(
        most,
        count -> {
          TileGrid from = grid(count, channels);
          TileGrid to = grid(count, filters);
          Part factors =
              ofImages.reading(images, extent, TileTransform.ofImages(from, before), from);
          TileStreams write = new TileStreams(plan, to, results, ofResults.pixels);
          TileTransform sums = TileTransform.ofProducts(to);
          MatrixProduct product =
              new MatrixProduct(
                  plan,
                  plan.seenAs(matrices(from.tiles(), channels), ofImages.factors),
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
    Room ofImages = new Room(most, channels);
    Room ofResults = new Room(most, filters);
    addParts(
        most,
        count -> {
          TileGrid from = grid(count, channels);
          TileGrid to = grid(count, filters);
          Part factors =
              ofImages.reading(images, extent, TileTransform.ofImages(from, before), from);
          Part gradients = ofResults.reading(gradient, results, TileTransform.ofGradients(to), to);
          MatrixProduct product =
              new MatrixProduct(
                  plan,
                  plan.seenAs(transposed(from.tiles(), channels), ofImages.factors),
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
    Tensor elements = plan.allocate(elements());
    new MatrixProduct(
            plan,
            plan.seenAs(
                OneDnn.stridedLayout(new long[] {ELEMENTS, PRODUCTS}, new long[] {1, ELEMENTS}),
                kernelMatrix()),
            plan.seenAs(OneDnn.plainLayout(PRODUCTS, pairs()), kernels),
            plan.seenAs(OneDnn.plainLayout(ELEMENTS, pairs()), elements))
        .add(false);
    plan.copy(elements, ofWeights);
  }

  /** The gradients of a bias: sums over all pixels, of which those beyond the images are 0. */
  private MatrixProduct sumsOverPixels(TileGrid grid, Tensor pixels, Tensor bias) {
    float[] ones = new float[TileGrid.PLACES * grid.tiles()];
    Arrays.fill(ones, 1);
    return new MatrixProduct(
        plan,
        plan.seenAs(OneDnn.plainLayout(1, ones.length), constant(ones)),
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
    int tiles = Math.max(fewestTiles, FACTORS_AT_ONCE / (PRODUCTS * (channels + filters)));
    int ofImage = grid(1, channels).tiles();
    return Math.min(plan.batchSize(), (tiles + ofImage - 1) / ofImage);
  }

  /** The sums of products are as large as those of so many tiles, and are read and written. */
  private int fewestTilesOfGradient() {
    return Math.min(MOST_TILES_OF_GRADIENT, Math.max(FEWEST_TILES, channels + filters));
  }

  /** Tiles that cover images as well as results. */
  private TileGrid grid(int images, int depth) {
    return new TileGrid(
        images,
        TileGrid.tiles(Math.max(extent[0], results[0])),
        TileGrid.tiles(Math.max(extent[1], results[1])),
        depth);
  }

  /** Memory for tiles of so many images, used for one part of the batch after the other. */
  private final class Room {
    private final Tensor pixels;
    private final Tensor factors;

    Room(int images, int depth) {
      long stream = grid(images, depth).stream();
      pixels = plan.allocate(OneDnn.plainLayout(TileGrid.PLACES * stream));
      factors = plan.allocate(OneDnn.plainLayout(PRODUCTS * stream));
    }

    /** Adds the steps from images, of so many rows and columns, to their factors. */
    Part reading(Tensor batch, long[] size, TileTransform transform, TileGrid grid) {
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
  private static memory.desc matrices(long rows, long columns) {
    return OneDnn.stridedLayout(
        new long[] {PRODUCTS, rows, columns}, new long[] {rows * columns, columns, 1});
  }

  /** The same matrices, seen with rows for columns. */
  private static memory.desc transposed(long rows, long columns) {
    return OneDnn.stridedLayout(
        new long[] {PRODUCTS, columns, rows}, new long[] {rows * columns, 1, columns});
  }

  /**
   * The layout of the convolution's weights in the order height, width, channel, filter of this
   * way, axes as the network has them.
   */
  private memory.desc elements() {
    return isTurned
        ? OneDnn.stridedLayout(
            new long[] {channels, filters, 3, 3}, new long[] {filters, 1, 3 * pairs(), pairs()})
        : OneDnn.stridedLayout(
            new long[] {filters, channels, 3, 3}, new long[] {1, filters, 3 * pairs(), pairs()});
  }

  /** From elements of a kernel to its factors, axes [product, element]. */
  private Tensor kernelMatrix() {
    double[][] kernels = WinogradMatrices.kernels();
    float[] values = new float[PRODUCTS * ELEMENTS];
    for (int i = 0; i < values.length; i++) {
      int product = i / ELEMENTS;
      int element = isTurned ? ELEMENTS - 1 - i % ELEMENTS : i % ELEMENTS;
      values[i] = (float) (kernels[product / 6][element / 3] * kernels[product % 6][element % 3]);
    }
    return constant(values);
  }

  private Tensor constant(float[] values) {
    Tensor tensor = plan.allocate(OneDnn.plainLayout(values.length));
    plan.add(() -> tensor.values().put(values, 0, values.length), tensor);
    return tensor;
  }
}
