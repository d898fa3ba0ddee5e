package dev.convoy.worker.onednn;

import java.nio.FloatBuffer;

/**
 * A linear map of tiles, first of their columns and then of their rows, by one of {@link
 * WinogradMatrices}.
 *
 * <p>Tiles lie in streams, one for each place in a tile, row after row: what lies there, axes
 * [image, row of tiles, column of tiles, channel]. Not safe to share between threads.
 */
final class TileTransform {
  /** So many values are transformed at once, or a row of tiles: they stay in the first cache. */
  private static final int VALUES_AT_ONCE = 512;

  private final LineMatrix matrix;
  private final int placesFrom;
  private final int placesTo;
  private final int before;
  private final TileGrid source;
  private final TileGrid target;
  private final int bandRows;
  private final float[][] taken;
  private final float[][] shifted;
  private final float[][][] columns;
  private final float[][] results;
  private final float[] zeros;
  private float[] summands;

  private TileTransform(
      double[][] matrix, int placesFrom, int before, TileGrid source, TileGrid target) {
    this.matrix = LineMatrix.of(matrix);
    this.placesFrom = placesFrom;
    this.placesTo = matrix.length;
    this.before = before;
    this.source = source;
    this.target = target;
    int row = Math.max(source.row(), target.row());
    this.bandRows = Math.min(target.rows(), Math.max(1, VALUES_AT_ONCE / row));
    int read = bandRows * source.row();
    int written = bandRows * target.row();
    this.taken = new float[matrix[0].length][read];
    this.shifted = new float[matrix[0].length][written];
    this.columns = new float[placesFrom][placesTo][read];
    this.results = new float[placesTo][written];
    this.zeros = new float[row];
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
    return new TileTransform(matrices.images(), TileGrid.EDGE, before, images, results);
  }

  /** From sums of products to 4 × 4 results. */
  static TileTransform ofProducts(WinogradMatrices matrices, TileGrid grid) {
    return new TileTransform(matrices.results(), matrices.edge(), 0, grid, grid);
  }

  /** From the gradients of 4 × 4 results to those of sums of products. */
  static TileTransform ofGradients(WinogradMatrices matrices, TileGrid grid) {
    return new TileTransform(transposed(matrices.results()), TileGrid.EDGE, 0, grid, grid);
  }

  /**
   * Adds the same to all results of a channel, from now on.
   *
   * @param biases one for each channel
   */
  void setBias(FloatBuffer biases) {
    if (summands == null) {
      summands = new float[bandRows * target.row()];
    }
    biases.get(0, summands, 0, target.channels());
    for (int done = target.channels(); done < summands.length; done += target.channels()) {
      System.arraycopy(summands, 0, summands, done, target.channels());
    }
  }

  /** Transforms all tiles. */
  void apply(FloatBuffer from, FloatBuffer to) {
    for (int first = 0; first < target.rows(); first += bandRows) {
      int rows = Math.min(bandRows, target.rows() - first);
      transformColumns(from, first, rows);
      transformRows(to, first, rows);
    }
  }

  private void transformColumns(FloatBuffer from, int first, int rows) {
    for (int column = 0; column < placesFrom; column++) {
      for (int i = 0; i < taken.length; i++) {
        int stream = place(i) * placesFrom + column;
        take(from, stream, first, rows, tilesAway(i), taken[i]);
      }
      matrix.apply(taken, columns[column], rows * source.row());
    }
  }

  private void transformRows(FloatBuffer to, int first, int rows) {
    int count = rows * target.row();
    float[][] lines = new float[taken.length][];
    for (int row = 0; row < placesTo; row++) {
      for (int i = 0; i < lines.length; i++) {
        lines[i] = moved(columns[place(i)][row], rows, tilesAway(i), shifted[i]);
      }
      matrix.apply(lines, results, count);
      for (int column = 0; column < placesTo; column++) {
        if (summands != null) {
          add(results[column], summands, count);
        }
        to.position((row * placesTo + column) * target.stream() + first * target.row());
        to.put(results[column], 0, count);
      }
    }
  }

  /** Where in its tile something lies that begins so many places after the first that is taken. */
  private int place(int taken) {
    return Math.floorMod(taken - before, placesFrom);
  }

  /** How many tiles further on it lies. */
  private int tilesAway(int taken) {
    return Math.floorDiv(taken - before, placesFrom);
  }

  /** Reads rows of a stream that lie so many further down; zeros beyond their image. */
  private void take(FloatBuffer from, int stream, int first, int rows, int down, float[] line) {
    int row = source.row();
    for (int i = 0; i < rows; i++) {
      int image = (first + i) / target.tilesDown();
      int at = (first + i) % target.tilesDown() + down;
      if (at < 0 || at >= source.tilesDown()) {
        System.arraycopy(zeros, 0, line, i * row, row);
      } else {
        from.position(stream * source.stream() + (image * source.tilesDown() + at) * row);
        from.get(line, i * row, row);
      }
    }
  }

  /** Values that lie so many tiles to the right; zeros beyond their row. */
  private float[] moved(float[] line, int rows, int right, float[] result) {
    int width = source.row();
    int wanted = target.row();
    if (right == 0 && width == wanted) {
      return line;
    }
    int shift = right * source.channels();
    int begin = Math.min(wanted, Math.max(0, -shift));
    int end = Math.max(begin, Math.min(wanted, width - shift));
    for (int i = 0; i < rows; i++) {
      int to = i * wanted;
      System.arraycopy(zeros, 0, result, to, begin);
      System.arraycopy(line, i * width + begin + shift, result, to + begin, end - begin);
      System.arraycopy(zeros, 0, result, to + end, wanted - end);
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
