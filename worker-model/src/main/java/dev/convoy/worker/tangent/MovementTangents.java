package dev.convoy.worker.tangent;

import dev.convoy.worker.model.InputShape;
import java.util.List;

/**
 * The tangents of movements: how pixels begin to change when the content moves. Where it moves by
 * d, the new pixel is I(p − d), and so its change −d · ∇I. The slope of the picture is the central
 * difference of neighbouring pixels; beyond the border they are those of the border.
 */
public final class MovementTangents implements ImageTangents {
  private final InputShape shape;
  private final List<PictureMovement> movements;
  private final double middleRow;
  private final double middleColumn;
  private final double halfSide;

  /**
   * Tangents of some movements.
   *
   * @param movements at least one
   */
  public MovementTangents(InputShape shape, List<PictureMovement> movements) {
    this.shape = shape;
    this.movements = List.copyOf(movements);
    this.middleRow = (shape.height() - 1) / 2.0;
    this.middleColumn = (shape.width() - 1) / 2.0;
    this.halfSide = Math.max(1, Math.max(middleRow, middleColumn));
  }

  @Override
  public int count() {
    return movements.size();
  }

  @Override
  public void compute(float[] images, int from, int number, float[] tangent) {
    PictureMovement movement = movements.get(number);
    int plane = shape.height() * shape.width();
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        double x = (column - middleColumn) / halfSide;
        double y = (row - middleRow) / halfSide;
        double toTheRight = movement.toTheRight(x, y);
        double downwards = movement.downwards(x, y);
        int left = row * shape.width() + Math.max(column - 1, 0);
        int right = row * shape.width() + Math.min(column + 1, shape.width() - 1);
        int above = Math.max(row - 1, 0) * shape.width() + column;
        int below = Math.min(row + 1, shape.height() - 1) * shape.width() + column;
        for (int channel = 0; channel < shape.channels(); channel++) {
          int first = from + channel * plane;
          double slopeToTheRight = (images[first + right] - images[first + left]) / 2.0;
          double slopeDownwards = (images[first + below] - images[first + above]) / 2.0;
          tangent[channel * plane + row * shape.width() + column] =
              (float) -(toTheRight * slopeToTheRight + downwards * slopeDownwards);
        }
      }
    }
  }
}
