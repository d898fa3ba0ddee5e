package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bytedeco.dnnl.memory;

/**
 * A convolution by {@link Winograd}'s algorithm where oneDNN does not have it, which is with AVX2
 * and for 5 × 5 kernels, or is slow by it, which is with AVX-512 in training on few tiles. Pixels
 * of some images at once become factors (in Java), which are multiplied by the kernels' factors: 36
 * products of matrices or 64, by oneDNN. Sums of these products become results, 4 × 4 of 6 × 6 or 8
 * × 8. All three maps are linear, and both gradients are by their transposes: that of the results
 * becomes factors once for both, unless that would take much memory.
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

  /**
   * Of a convolution that it {@link #pays} for.
   *
   * @param images in any form
   */
  TiledConvolution(Plan plan, ConvolutionNode node, Tensor images) {
    this.plan = plan;
    winograd = WinogradMatrices.of(node.window().kernel()[0]);
    products = winograd.products();
    elements = winograd.kernel() * winograd.kernel();
    channels = Math.toIntExact(node.kernels().channels());
    filters = Math.toIntExact(node.filters());
    extent = Arrays.copyOfRange(plan.batchDimensions(images), 2, 4);
    results = node.window().output();
    before = Math.toIntExact(node.window().before()[0]);
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

  /** The images in tiles or in blocks of channels: themselves, or a copy. */
  Tensor taken(Tensor images) {
    return plan.isInTiles(images) ? images : plan.inLayout(images, blocks(channels, extent));
  }

  private memory.desc blocks(long depth, long[] size) {
    return OneDnn.blockedLayout(OneDnn.preferredBlock(), plan.batchSize(), depth, size[0], size[1]);
  }

  /**
   * Adds the steps that make factors of kernels.
   *
   * @param weights as the network keeps them, axes [filters, channels, height, width]
   * @return axes [product, channel, filter]
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
   * @param images as they are {@link #taken}
   * @param kernels their factors
   * @param bias one for each filter, if there is any
   * @param output where the results are to be left, as {@link #output} allocates it
   */
  void addForward(Tensor images, Tensor kernels, Optional<Tensor> bias, Tensor output) {
    int most = imagesAtOnce(FEWEST_TILES);
    Room ofImages = new Room(most, extent, channels);
    Room ofResults = new Room(most, results, filters);
    addParts(
        most,
        count -> {
          TileGrid to = grid(count, results, filters);
          Part factors = ofImages.readingImages(images, count);
          MatrixProduct product =
              new MatrixProduct(
                  plan,
                  plan.seenAs(matrices(to.tiles(), channels), ofImages.factors),
                  kernels,
                  plan.seenAs(matrices(to.tiles(), filters), ofResults.factors));
          Part writing = ofResults.writingResults(output, count, bias);
          return first -> {
            factors.add(first);
            product.add(false);
            writing.add(first);
          };
        });
  }

  /** A place for the results of a node: in tiles if they are to stay there. */
  Tensor output(Node node) {
    return plan.allocate(
        plan.keepsInTiles(node)
            ? grid(plan.batchSize(), results, filters).inTiles()
            : blocks(filters, results));
  }

  /** The steps from factors of the gradient of the results to another gradient. */
  interface GradientSteps {
    /**
     * Those for a part of the batch.
     *
     * @param grid tiles of its results
     * @param ofImages room that is theirs until the next steps
     * @param ofResults has the factors
     */
    Part part(TileGrid grid, Room ofImages, Room ofResults);

    /** Adds those behind all parts. */
    default void finish() {}
  }

  /**
   * Adds the way back.
   *
   * @param gradient of the results, in tiles or in blocks of channels
   * @param steps what the factors of the gradient are needed for
   */
  void addBackward(Tensor gradient, List<GradientSteps> steps) {
    int most = imagesAtOnce(fewestTilesOfGradient());
    Room ofImages = new Room(most, extent, channels);
    Room ofResults = new Room(most, results, filters);
    addParts(
        most,
        count -> {
          TileGrid grid = grid(count, results, filters);
          Part factors = ofResults.readingGradients(gradient, count);
          List<Part> parts =
              steps.stream().map(each -> each.part(grid, ofImages, ofResults)).toList();
          return first -> {
            factors.add(first);
            parts.forEach(part -> part.add(first));
          };
        });
    steps.forEach(GradientSteps::finish);
  }

  /**
   * To the gradient of the images.
   *
   * @param kernels factors of the kernels
   * @param output where the gradient is to be left, in tiles or in blocks of channels
   */
  GradientSteps imagesGradient(Tensor kernels, Tensor output) {
    return (grid, ofImages, ofResults) -> {
      MatrixProduct product =
          new MatrixProduct(
              plan,
              plan.seenAs(matrices(grid.tiles(), filters), ofResults.factors),
              plan.seenAs(transposed(channels, filters), kernels),
              plan.seenAs(matrices(grid.tiles(), channels), ofImages.factors));
      Part writing = ofImages.writingGradients(output, grid.images());
      return first -> {
        product.add(false);
        writing.add(first);
      };
    };
  }

  /**
   * To the gradients of weights and bias.
   *
   * @param images as they are {@link #taken}
   * @param gradient of the results
   * @param ofWeights where the weights' gradient is to be left, as the network keeps them
   * @param ofBias where that of the bias is to be left, if there is any
   */
  GradientSteps weightsGradient(
      Tensor images, Tensor gradient, Tensor ofWeights, Optional<Tensor> ofBias) {
    Tensor kernels = plan.allocate(matrices(channels, filters));
    return new GradientSteps() {
      @Override
      public Part part(TileGrid grid, Room ofImages, Room ofResults) {
        Part factors = ofImages.readingImages(images, grid.images());
        MatrixProduct product =
            new MatrixProduct(
                plan,
                plan.seenAs(transposed(grid.tiles(), channels), ofImages.factors),
                plan.seenAs(matrices(grid.tiles(), filters), ofResults.factors),
                kernels);
        Optional<Part> sums = ofBias.map(bias -> sumsOverPixels(grid, gradient, ofResults, bias));
        return first -> {
          factors.add(first);
          product.add(first > 0);
          sums.ifPresent(sum -> sum.add(first));
        };
      }

      @Override
      public void finish() {
        addWeights(kernels, ofWeights);
      }
    };
  }

  /** Adds the steps from the gradients of kernels' factors to those of weights. */
  private void addWeights(Tensor kernels, Tensor ofWeights) {
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
  private Part sumsOverPixels(TileGrid grid, Tensor gradient, Room ofResults, Tensor bias) {
    float[] values = new float[TileGrid.PLACES * grid.tiles()];
    Arrays.fill(values, 1);
    Tensor ones = plan.seenAs(OneDnn.plainLayout(1, values.length), plan.constant(values));
    memory.desc pixels = OneDnn.plainLayout(values.length, filters);
    Tensor sums = plan.seenAs(OneDnn.plainLayout(1, filters), bias);
    return first ->
        new MatrixProduct(
                plan, ones, plan.seenAs(pixels, ofResults.pixels(gradient, grid, first)), sums)
            .add(first > 0);
  }

  /** Adds steps for some images of the batch, from the first of them on. */
  @FunctionalInterface
  interface Part {
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
    return TileGrid.of(images, depth, size[0], size[1]);
  }

  /** Memory for tiles of so many images, used for one part of the batch after the other. */
  final class Room {
    private final long[] size;
    private final int depth;
    private final Tensor pixels;
    private final Tensor factors;

    /** For images of so many rows and columns; there are factors for each tile of results. */
    Room(int images, long[] size, int depth) {
      this.size = size;
      this.depth = depth;
      pixels = plan.allocate(OneDnn.plainLayout(images * (long) grid(1, size, depth).image()));
      factors =
          plan.allocate(
              OneDnn.plainLayout((long) products * depth * grid(images, results, depth).tiles()));
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

    /** Adds the steps from the gradients of factors to those of images. */
    Part writingGradients(Tensor batch, int count) {
      TileGrid grid = grid(count, size, depth);
      TileTransform transform =
          TileTransform.ofFactors(winograd, before, grid, grid(count, results, depth));
      return writing(transform, batch, grid, Optional.empty());
    }

    private Part reading(Tensor batch, TileGrid grid, TileTransform transform) {
      Optional<TileCopy> copy = copy(batch, grid);
      return first -> {
        copy.ifPresent(moved -> moved.addReading(batch, first));
        transform(transform, pixels(batch, grid, first), factors);
      };
    }

    /** Adds the steps from sums of products to results. */
    Part writingResults(Tensor batch, int count, Optional<Tensor> bias) {
      TileGrid grid = grid(count, size, depth);
      return writing(TileTransform.ofProducts(winograd, grid), batch, grid, bias);
    }

    private Part writing(
        TileTransform transform, Tensor batch, TileGrid grid, Optional<Tensor> bias) {
      Optional<TileCopy> copy = copy(batch, grid);
      return first -> {
        Tensor to = pixels(batch, grid, first);
        bias.ifPresentOrElse(
            values -> transform(transform, factors, to, values),
            () -> transform(transform, factors, to));
        copy.ifPresent(moved -> moved.addWriting(batch, first));
      };
    }

    private Optional<TileCopy> copy(Tensor batch, TileGrid grid) {
      return plan.isInTiles(batch)
          ? Optional.empty()
          : Optional.of(new TileCopy(plan, grid, size, pixels));
    }

    /** Tiles of some images: where they are in the batch, or in this room. */
    private Tensor pixels(Tensor batch, TileGrid grid, int first) {
      long image = grid.image();
      return plan.isInTiles(batch)
          ? plan.partOf(OneDnn.plainLayout(image * grid.images()), batch, image * first)
          : pixels;
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
   * The layout of the convolution's weights in the order height, width, channel, filter, axes as
   * the network has them.
   */
  private memory.desc inOrder() {
    long edge = winograd.kernel();
    return OneDnn.stridedLayout(
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
      int element = i % elements;
      values[i] =
          (float)
              (kernels[product / rows][element / edge] * kernels[product % rows][element % edge]);
    }
    return plan.constant(values);
  }
}
