package dev.convoy.worker.tangent;

/**
 * A movement of a picture's content, as a field of displacements: from the middle, where x and y
 * are 0, to the border of the longer side, where they are ±1; x grows to the right, y downwards.
 * Each moves the border's middles by one pixel at most. Simard, Victorri, LeCun and Denker 1992.
 */
public enum PictureMovement {
  /** To the right. */
  HORIZONTAL_TRANSLATION,
  /** Downwards. */
  VERTICAL_TRANSLATION,
  /** Around the middle, clockwise. */
  ROTATION,
  /** Away from the middle. */
  SCALING,
  /** Wider and less high. */
  STRETCHING,
  /** Along the diagonals: with that, and a rotation, a shear. */
  DIAGONAL_STRETCHING;

  /** The displacement to the right, in pixels. */
  double toTheRight(double x, double y) {
    return switch (this) {
      case HORIZONTAL_TRANSLATION -> 1;
      case VERTICAL_TRANSLATION -> 0;
      case ROTATION -> -y;
      case SCALING, STRETCHING -> x;
      case DIAGONAL_STRETCHING -> y;
    };
  }

  /** The displacement downwards, in pixels. */
  double downwards(double x, double y) {
    return switch (this) {
      case HORIZONTAL_TRANSLATION -> 0;
      case VERTICAL_TRANSLATION -> 1;
      case ROTATION, DIAGONAL_STRETCHING -> x;
      case SCALING -> y;
      case STRETCHING -> -y;
    };
  }
}
