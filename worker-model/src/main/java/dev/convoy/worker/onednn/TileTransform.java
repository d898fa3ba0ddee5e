package dev.convoy.worker.onednn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A linear map of tiles, first of their columns and then of their rows, by one of {@link
 * WinogradMatrices} or its transpose. Not safe to share between threads.
 */
final class TileTransform {
  /** So many values are transformed at once, or a row of tiles: they stay in the first cache. */
  private static final int VALUES_AT_ONCE = 512;

  private final LineMatrix matrix;
  private final List<Argument> arguments;
  private final int placesFrom;
  private final int placesTo;
  private final TileLines source;
  private final TileLines target;
  private final int bandRows;
  private final float[][] taken;
  private final float[][] shifted;
  private final float[][][] columns;
  private final float[][] results;
  private float[] summands;

  /**
   * What a result is made of, along either axis: what stands at a place in its own tile, or in one
   * that lies so many further on.
   */
  private record Argument(int place, int tilesAway) {
    /** What begins so many places behind the beginning of the tile, which may be before it. */
    static Argument behind(int places) {
      return new Argument(
          Math.floorMod(places, TileGrid.EDGE), Math.floorDiv(places, TileGrid.EDGE));
    }
  }

  private TileTransform(
      double[][] matrix,
      List<Argument> arguments,
      int placesFrom,
      TileLines source,
      TileLines target) {
    this.matrix = LineMatrix.of(matrix);
    this.arguments = arguments;
    this.placesFrom = placesFrom;
    this.placesTo = matrix.length;
    this.source = source;
    this.target = target;
    int row = Math.max(source.grid().row(), target.grid().row());
    this.bandRows = Math.min(target.grid().rows(), Math.max(1, VALUES_AT_ONCE / row));
    int read = bandRows * source.grid().row();
    int written = bandRows * target.grid().row();
    this.taken = new float[arguments.size()][read];
    this.shifted = new float[arguments.size()][written];
    this.columns = new float[placesFrom][placesTo][read];
    this.results = new float[placesTo][written];
  }

  /**
   * From pixels, 4 × 4 to a tile, to the factors of products: a tile of results is made of more
   * pixels, some of them its neighbours'.
   *
   * @param before how many pixels further up and left they begin than the results; what is beyond
   *     the images' tiles is 0
   * @param images tiles of the pixels
   * @param results tiles of the results, as many channels deep as those of the pixels
   */
  static TileTransform ofImages(
      WinogradMatrices matrices, int before, TileGrid images, TileGrid results) {
    List<Argument> pixels = new ArrayList<>();
    for (int i = 0; i < matrices.edge(); i++) {
      pixels.add(Argument.behind(i - before));
    }
    return new TileTransform(
        matrices.images(),
        pixels,
        TileGrid.EDGE,
        TileLines.ofPixels(images),
        TileLines.ofFactors(results));
  }

  /** From sums of products to 4 × 4 results. */
  static TileTransform ofProducts(WinogradMatrices matrices, TileGrid grid) {
    return new TileTransform(
        matrices.results(),
        ofTheSameTile(matrices.edge()),
        matrices.edge(),
        TileLines.ofFactors(grid),
        TileLines.ofPixels(grid));
  }

  /** From the gradients of 4 × 4 results to those of sums of products. */
  static TileTransform ofGradients(WinogradMatrices matrices, TileGrid grid) {
    return new TileTransform(
        transposed(matrices.results()),
        ofTheSameTile(TileGrid.EDGE),
        TileGrid.EDGE,
        TileLines.ofPixels(grid),
        TileLines.ofFactors(grid));
  }

  /**
   * From the gradients of the factors that {@link #ofImages} comes to, to those of the pixels: each
   * has a part in factors of several tiles.
   */
  static TileTransform ofFactors(
      WinogradMatrices matrices, int before, TileGrid images, TileGrid results) {
    double[][] toFactors = matrices.images();
    Map<Argument, double[]> columns = new LinkedHashMap<>();
    for (int factor = 0; factor < toFactors.length; factor++) {
      for (int i = 0; i < toFactors.length; i++) {
        Argument pixel = Argument.behind(i - before);
        if (toFactors[factor][i] != 0) {
          Argument source = new Argument(factor, -pixel.tilesAway());
          double[] column = columns.computeIfAbsent(source, any -> new double[TileGrid.EDGE]);
          column[pixel.place()] = toFactors[factor][i];
        }
      }
    }
    return new TileTransform(
        transposed(columns.values().toArray(double[][]::new)),
        List.copyOf(columns.keySet()),
        matrices.edge(),
        TileLines.ofFactors(results),
        TileLines.ofPixels(images));
  }

  private static List<Argument> ofTheSameTile(int places) {
    List<Argument> arguments = new ArrayList<>();
    for (int place = 0; place < places; place++) {
      arguments.add(new Argument(place, 0));
    }
    return arguments;
  }

  /**
   * Adds the same to all results of a channel, from now on.
   *
   * @param biases one for each channel
   */
  void setBias(FloatBuffer biases) {
    int channels = target.grid().channels();
    if (summands == null) {
      summands = new float[bandRows * target.grid().row()];
    }
    biases.get(0, summands, 0, channels);
    for (int done = channels; done < summands.length; done += channels) {
      System.arraycopy(summands, 0, summands, done, channels);
    }
  }

  /** Transforms all tiles. */
  void apply(FloatBuffer from, FloatBuffer to) {
    for (int first = 0; first < target.grid().rows(); first += bandRows) {
      int rows = Math.min(bandRows, target.grid().rows() - first);
      transformColumns(from, first, rows);
      transformRows(to, first, rows);
    }
  }

  private void transformColumns(FloatBuffer from, int first, int rows) {
    for (int column = 0; column < placesFrom; column++) {
      for (int i = 0; i < taken.length; i++) {
        Argument argument = arguments.get(i);
        int stream = argument.place() * placesFrom + column;
        take(from, stream, first, rows, argument.tilesAway(), taken[i]);
      }
      matrix.apply(taken, columns[column], rows * source.grid().row());
    }
  }

  private void transformRows(FloatBuffer to, int first, int rows) {
    int count = rows * target.grid().row();
    float[][] lines = new float[taken.length][];
    for (int row = 0; row < placesTo; row++) {
      for (int i = 0; i < lines.length; i++) {
        Argument argument = arguments.get(i);
        float[] line = columns[argument.place()][row];
        lines[i] = moved(line, rows, argument.tilesAway(), shifted[i]);
      }
      matrix.apply(lines, results, count);
      for (int column = 0; column < placesTo; column++) {
        if (summands != null) {
          add(results[column], summands, count);
        }
        put(results[column], to, row * placesTo + column, first, rows);
      }
    }
  }

  /** Reads rows of a stream that lie so many further down; zeros beyond their image. */
  private void take(FloatBuffer from, int stream, int first, int rows, int down, float[] line) {
    int tilesDown = target.grid().tilesDown();
    if (down == 0 && source.grid().tilesDown() == tilesDown) {
      get(from, stream, first, rows, line, 0);
      return;
    }
    for (int done = 0, some; done < rows; done += some) {
      int row = (first + done) % tilesDown;
      some = Math.min(rows - done, tilesDown - row);
      takeOfImage(from, stream, (first + done) / tilesDown, row + down, some, line, done);
    }
  }

  private void takeOfImage(
      FloatBuffer from, int stream, int image, int first, int rows, float[] line, int done) {
    int tilesDown = source.grid().tilesDown();
    int row = source.grid().row();
    int begin = Math.min(rows, Math.max(0, -first));
    int end = Math.max(begin, Math.min(rows, tilesDown - first));
    Arrays.fill(line, done * row, (done + begin) * row, 0);
    get(from, stream, image * tilesDown + first + begin, end - begin, line, done + begin);
    Arrays.fill(line, (done + end) * row, (done + rows) * row, 0);
  }

  private void get(
      FloatBuffer from, int stream, int first, int rows, float[] line, int firstOfLine) {
    int row = source.grid().row();
    for (int done = 0, some; done < rows; done += some) {
      some = Math.min(rows - done, source.together(first + done));
      from.position(source.begin(stream, first + done));
      from.get(line, (firstOfLine + done) * row, some * row);
    }
  }

  private void put(float[] line, FloatBuffer to, int stream, int first, int rows) {
    int row = target.grid().row();
    for (int done = 0, some; done < rows; done += some) {
      some = Math.min(rows - done, target.together(first + done));
      to.position(target.begin(stream, first + done));
      to.put(line, done * row, some * row);
    }
  }

  /** Values that lie so many tiles to the right; zeros beyond their row. */
  private float[] moved(float[] line, int rows, int right, float[] result) {
    int width = source.grid().row();
    int wanted = target.grid().row();
    if (right == 0 && width == wanted) {
      return line;
    }
    int shift = right * source.grid().channels();
    int begin = Math.min(wanted, Math.max(0, -shift));
    int end = Math.max(begin, Math.min(wanted, width - shift));
    for (int i = 0; i < rows; i++) {
      int to = i * wanted;
      Arrays.fill(result, to, to + begin, 0);
      System.arraycopy(line, i * width + begin + shift, result, to + begin, end - begin);
      Arrays.fill(result, to + end, to + wanted, 0);
    }
    return result;
  }

  private static void add(float[] sums, float[] summands, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += summands[i];
    }
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] result = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < result.length; i++) {
      for (int j = 0; j < matrix.length; j++) {
        result[i][j] = matrix[j][i];
      }
    }
    return result;
  }
}
