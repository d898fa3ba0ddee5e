package dev.convoy.data.image;

/**
 * A field of displacements: the middle of each pixel of the target comes from so many pixels
 * further right and down in the source. Between the middles of pixels it is linear.
 *
 * @param right axes [row, column]; not copied
 * @param down of the same size; not copied
 */
public record Displacement(float[][] right, float[][] down) implements Mapping {
  @Override
  public void apply(double[] x, double[] y, int count) {
    int lastRow = right.length - 1;
    int lastColumn = right[0].length - 1;
    for (int i = 0; i < count; i++) {
      double column = Math.max(0, Math.min(lastColumn, x[i] - 0.5));
      double row = Math.max(0, Math.min(lastRow, y[i] - 0.5));
      int left = (int) column;
      int top = (int) row;
      if (left == column && top == row) {
        // The middle of a pixel, as in a picture that nothing else has moved.
        x[i] += right[top][left];
        y[i] += down[top][left];
        continue;
      }
      int next = Math.min(lastColumn, left + 1);
      int below = Math.min(lastRow, top + 1);
      double across = column - left;
      double along = row - top;
      x[i] += between(right[top], right[below], left, next, across, along);
      y[i] += between(down[top], down[below], left, next, across, along);
    }
  }

  private static double between(
      float[] top, float[] below, int left, int next, double across, double along) {
    double first = top[left] + across * (top[next] - top[left]);
    double second = below[left] + across * (below[next] - below[left]);
    return first + along * (second - first);
  }
}
