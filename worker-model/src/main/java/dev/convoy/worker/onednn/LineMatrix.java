package dev.convoy.worker.onednn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One of {@link WinogradMatrices}, or made of one, to be multiplied by lines of values that lie in
 * the same order. Java's compiler makes vectors of short loops over few lines alone, and what it
 * makes of others is ten times as slow: sums are cut up with that in mind.
 */
final class LineMatrix {
  private final List<Rows> rows;

  private LineMatrix(List<Rows> rows) {
    this.rows = rows;
  }

  /** Some rows of the matrix. */
  private interface Rows {
    void apply(float[][] from, float[][] to, int count);
  }

  /** A matrix of axes [result, argument]. */
  static LineMatrix of(double[][] matrix) {
    List<Rows> rows = new ArrayList<>();
    for (int i = 0; i < matrix.length; i++) {
      if (i + 1 < matrix.length && areMirrored(matrix[i], matrix[i + 1])) {
        rows.add(MirroredRows.of(i, matrix[i]));
        i++;
      } else {
        rows.add(Row.of(i, matrix[i]));
      }
    }
    return new LineMatrix(rows);
  }

  /** Whether the second is the first with another sign before odd arguments: of opposite points. */
  private static boolean areMirrored(double[] first, double[] second) {
    return nonZero(first).length > 1
        && IntStream.range(0, first.length)
            .allMatch(i -> second[i] == (i % 2 == 0 ? first[i] : -first[i]));
  }

  private static int[] nonZero(double[] row) {
    return IntStream.range(0, row.length).filter(i -> row[i] != 0).toArray();
  }

  private static float[] factors(double[] row, int[] places) {
    float[] factors = new float[places.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = (float) row[places[i]];
    }
    return factors;
  }

  /** Writes as many lines as the matrix has rows, from as many as it has columns. */
  void apply(float[][] from, float[][] to, int count) {
    for (Rows each : rows) {
      each.apply(from, to, count);
    }
  }

  /**
   * Two rows for the points p and -p: sums of the same even summands, and of odd ones added or
   * taken away, which are p times as large as even ones. A processor's time goes to sums here: none
   * is spent on a factor of 1.
   *
   * @param index of the row for p, before the other
   * @param even places of even arguments, the last of which has the factor 1
   * @param odd those of odd arguments, in the same order
   * @param factors of even arguments
   */
  private record MirroredRows(int index, int[] even, int[] odd, float[] factors, float point)
      implements Rows {
    static MirroredRows of(int index, double[] row) {
      int[] places = nonZero(row);
      int[] even = IntStream.of(places).filter(i -> i % 2 == 0).toArray();
      int[] odd = IntStream.of(places).filter(i -> i % 2 == 1).toArray();
      float point = (float) (row[odd[0]] / row[even[0]]);
      int last = even.length - 1;
      int unit =
          IntStream.rangeClosed(0, last)
              .filter(i -> row[even[i]] == 1)
              .findFirst()
              .orElseThrow(
                  () -> new IllegalStateException("No factor of 1 in " + Arrays.toString(row)));
      swap(even, unit, last);
      swap(odd, unit, last);
      return new MirroredRows(index, even, odd, LineMatrix.factors(row, even), point);
    }

    private static void swap(int[] places, int first, int second) {
      int kept = places[first];
      places[first] = places[second];
      places[second] = kept;
    }

    @Override
    public void apply(float[][] from, float[][] to, int count) {
      float[] sum = to[index];
      float[] difference = to[index + 1];
      if (even.length == 2) {
        both(from[even[0]], from[even[1]], from[odd[0]], from[odd[1]], sum, difference, count);
      } else {
        one(from, point, sum, count);
        one(from, -point, difference, count);
      }
    }

    private void both(
        float[] a, float[] b, float[] c, float[] d, float[] sum, float[] difference, int count) {
      float p = factors[0];
      float q = point;
      float r = -point;
      for (int i = 0; i < count; i++) {
        float evenSum = Math.fma(p, a[i], b[i]);
        float oddSum = Math.fma(p, c[i], d[i]);
        sum[i] = Math.fma(q, oddSum, evenSum);
        difference[i] = Math.fma(r, oddSum, evenSum);
      }
    }

    private void one(float[][] from, float s, float[] sum, int count) {
      float[] a = from[even[0]];
      float[] b = from[even[1]];
      float[] c = from[even[2]];
      float[] d = from[odd[0]];
      float[] e = from[odd[1]];
      float[] f = from[odd[2]];
      float p = factors[0];
      float q = factors[1];
      for (int i = 0; i < count; i++) {
        sum[i] =
            Math.fma(
                p,
                Math.fma(s, d[i], a[i]),
                Math.fma(q, Math.fma(s, e[i], b[i]), Math.fma(s, f[i], c[i])));
      }
    }
  }

  /** A row without its zeros. */
  private record Row(int index, int[] places, float[] factors) implements Rows {
    static Row of(int index, double[] row) {
      int[] places = nonZero(row);
      return new Row(index, places, LineMatrix.factors(row, places));
    }

    @Override
    public void apply(float[][] from, float[][] to, int count) {
      float[] sum = to[index];
      switch (places.length) {
        case 1 -> System.arraycopy(from[places[0]], 0, sum, 0, count);
        case 3 -> three(from[places[0]], from[places[1]], from[places[2]], sum, count);
        case 4 ->
            four(from[places[0]], from[places[1]], from[places[2]], from[places[3]], sum, count);
        default -> {
          if (places.length < 5) {
            throw new IllegalStateException("No sum of " + places.length);
          }
          five(from, sum, count);
          addMore(from, sum, count);
        }
      }
    }

    private void addMore(float[][] from, float[] sum, int count) {
      for (int i = 5; i < places.length; i += 3) {
        float[] first = from[places[i]];
        switch (places.length - i) {
          case 1 -> oneMore(factors[i], first, sum, count);
          case 2 -> twoMore(factors[i], first, factors[i + 1], from[places[i + 1]], sum, count);
          default -> threeMore(i, first, from[places[i + 1]], from[places[i + 2]], sum, count);
        }
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

    private void five(float[][] from, float[] sum, int count) {
      float[] a = from[places[0]];
      float[] b = from[places[1]];
      float[] c = from[places[2]];
      float[] d = from[places[3]];
      float[] e = from[places[4]];
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

    private static void oneMore(float p, float[] a, float[] sum, int count) {
      for (int i = 0; i < count; i++) {
        sum[i] = Math.fma(p, a[i], sum[i]);
      }
    }

    private static void twoMore(float p, float[] a, float q, float[] b, float[] sum, int count) {
      for (int i = 0; i < count; i++) {
        sum[i] = Math.fma(p, a[i], Math.fma(q, b[i], sum[i]));
      }
    }

    private void threeMore(int first, float[] a, float[] b, float[] c, float[] sum, int count) {
      float p = factors[first];
      float q = factors[first + 1];
      float r = factors[first + 2];
      for (int i = 0; i < count; i++) {
        sum[i] = Math.fma(p, a[i], Math.fma(q, b[i], Math.fma(r, c[i], sum[i])));
      }
    }
  }
}
