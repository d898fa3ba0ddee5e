package dev.convoy.worker.onednn;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

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

  private final Row[] matrix;
  private final int placesFrom;
  private final int placesTo;
  private final int before;
  private final TileGrid grid;
  private final int bandRows;
  private final float[][] taken;
  private final float[][] shifted;
  private final float[][][] columns;
  private final float[][] results;
  private final float[] zeros;
  private float[] summands;

  private TileTransform(double[][] matrix, int placesFrom, int before, TileGrid grid) {
    this.matrix = Arrays.stream(matrix).map(Row::of).toArray(Row[]::new);
    this.placesFrom = placesFrom;
    this.placesTo = matrix.length;
    this.before = before;
    this.grid = grid;
    this.bandRows = Math.min(grid.rows(), Math.max(1, VALUES_AT_ONCE / grid.row()));
    int values = bandRows * grid.row();
    this.taken = new float[matrix[0].length][values];
    this.shifted = new float[matrix[0].length][values];
    this.columns = new float[placesFrom][placesTo][values];
    this.results = new float[placesTo][values];
    this.zeros = new float[grid.row()];
  }

  /**
   * From pixels, 4 × 4 to a tile, to the factors of 6 × 6 products: a tile of results is made of 6
   * × 6 pixels, some of them its neighbours'.
   *
   * @param before how many pixels further up and left they begin than the results; what is beyond
   *     the tiles is 0
   */
  static TileTransform ofImages(TileGrid grid, int before) {
    return new TileTransform(WinogradMatrices.images(), TileGrid.EDGE, before, grid);
  }

  /** From 6 × 6 sums of products to 4 × 4 results. */
  static TileTransform ofProducts(TileGrid grid) {
    double[][] matrix = WinogradMatrices.results();
    return new TileTransform(matrix, matrix[0].length, 0, grid);
  }

  /** From the gradients of 4 × 4 results to those of 6 × 6 sums of products. */
  static TileTransform ofGradients(TileGrid grid) {
    return new TileTransform(transposed(WinogradMatrices.results()), TileGrid.EDGE, 0, grid);
  }

  /**
   * Adds the same to all results of a channel, from now on.
   *
   * @param biases one for each channel
   */
  void setBias(FloatBuffer biases) {
    if (summands == null) {
      summands = new float[bandRows * grid.row()];
    }
    biases.get(0, summands, 0, grid.channels());
    for (int done = grid.channels(); done < summands.length; done += grid.channels()) {
      System.arraycopy(summands, 0, summands, done, grid.channels());
    }
  }

  /** Transforms all tiles. */
  void apply(FloatBuffer from, FloatBuffer to) {
    for (int first = 0; first < grid.rows(); first += bandRows) {
      int rows = Math.min(bandRows, grid.rows() - first);
      transformColumns(from, first, rows);
      transformRows(to, first, rows);
    }
  }

  private void transformColumns(FloatBuffer from, int first, int rows) {
    int count = rows * grid.row();
    for (int column = 0; column < placesFrom; column++) {
      for (int i = 0; i < taken.length; i++) {
        int stream = place(i) * placesFrom + column;
        take(from, stream, first, rows, tilesAway(i), taken[i]);
      }
      multiply(taken, columns[column], count);
    }
  }

  private void transformRows(FloatBuffer to, int first, int rows) {
    int count = rows * grid.row();
    float[][] lines = new float[taken.length][];
    for (int row = 0; row < placesTo; row++) {
      for (int i = 0; i < lines.length; i++) {
        lines[i] = moved(columns[place(i)][row], count, tilesAway(i), shifted[i]);
      }
      multiply(lines, results, count);
      for (int column = 0; column < placesTo; column++) {
        if (summands != null) {
          add(results[column], summands, count);
        }
        to.position((row * placesTo + column) * grid.stream() + first * grid.row());
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
    int row = grid.row();
    int begin = Math.max(0, first + down);
    int end = Math.min(grid.rows(), first + down + rows);
    from.position(stream * grid.stream() + begin * row);
    from.get(line, (begin - first - down) * row, (end - begin) * row);
    for (int i = 0; down != 0 && i < rows; i++) {
      int at = (first + i) % grid.tilesDown() + down;
      if (at < 0 || at >= grid.tilesDown()) {
        System.arraycopy(zeros, 0, line, i * row, row);
      }
    }
  }

  /** Values that lie so many tiles to the right; zeros beyond their row. */
  private float[] moved(float[] line, int count, int right, float[] result) {
    if (right == 0) {
      return line;
    }
    int row = grid.row();
    int step = Math.min(Math.abs(right) * grid.channels(), row);
    for (int begin = 0; begin < count; begin += row) {
      if (right < 0) {
        System.arraycopy(zeros, 0, result, begin, step);
        System.arraycopy(line, begin, result, begin + step, row - step);
      } else {
        System.arraycopy(line, begin + step, result, begin, row - step);
        System.arraycopy(zeros, 0, result, begin + row - step, step);
      }
    }
    return result;
  }

  private static void add(float[] sums, float[] summands, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += summands[i];
    }
  }

  /** Applies the matrix to lines of values that lie in the same order. */
  private void multiply(float[][] from, float[][] to, int count) {
    for (int i = 0; i < to.length; i++) {
      matrix[i].apply(from, to[i], count);
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

  /**
   * A row of a matrix without its zeros. Each result is one loop: Java's compiler makes vectors of
   * those for certain.
   */
  private record Row(int[] places, float[] factors) {
    static Row of(double[] row) {
      int[] places = IntStream.range(0, row.length).filter(i -> row[i] != 0).toArray();
      float[] factors = new float[places.length];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = (float) row[places[i]];
      }
      return new Row(places, factors);
    }

    void apply(float[][] from, float[] to, int count) {
      switch (places.length) {
        case 1 -> System.arraycopy(from[places[0]], 0, to, 0, count);
        case 3 -> three(from[places[0]], from[places[1]], from[places[2]], to, count);
        case 4 ->
            four(from[places[0]], from[places[1]], from[places[2]], from[places[3]], to, count);
        case 5 ->
            five(
                from[places[0]],
                from[places[1]],
                from[places[2]],
                from[places[3]],
                from[places[4]],
                to,
                count);
        default -> throw new IllegalStateException("No sum of " + places.length);
      }
    }

    private void three(float[] a, float[] b, float[] c, float[] sum, int count) {
      float p = factors[0];
      float q = factors[1];
      float r = factors[2];
      for (int i = 0; i < count; i++) {
        sum[i] = Math.fma(p, a[i], Math.fma(q, b[i], r * c[i]));
      }
    }

    private void four(float[] a, float[] b, float[] c, float[] d, float[] sum, int count) {
      float p = factors[0];
      float q = factors[1];
      float r = factors[2];
      float s = factors[3];
      for (int i = 0; i < count; i++) {
        sum[i] = Math.fma(p, a[i], Math.fma(q, b[i], Math.fma(r, c[i], s * d[i])));
      }
    }

    private void five(
        float[] a, float[] b, float[] c, float[] d, float[] e, float[] sum, int count) {
      float p = factors[0];
      float q = factors[1];
      float r = factors[2];
      float s = factors[3];
      float t = factors[4];
      for (int i = 0; i < count; i++) {
        sum[i] =
            Math.fma(p, a[i], Math.fma(q, b[i], Math.fma(r, c[i], Math.fma(s, d[i], t * e[i]))));
      }
    }
  }
}
